package petition

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"time"
)

// Checkpoints are signed notes, oldest first, and the key that opens them, in the format of
// golang.org/x/mod/sumdb/note.
type Checkpoints struct {
	Key   string       `json:"key"`
	Notes []Checkpoint `json:"notes"`
}

// Checkpoint is one signed note: how many changes there were, and the root of the Merkle tree
// over them (RFC 6962). It says nothing of any of them.
type Checkpoint struct {
	Size int64  `json:"size"`
	Note string `json:"note"`
}

// Proof shows that a version of a case is among the changes of a checkpoint. Hashes are in
// hexadecimal. The head of the version is SHA-256 of the lines "dengwen case 1", Number, Version,
// Before and Content, each ended by a line feed; the leaf is SHA-256 of a zero byte and the
// head; Hashes lead from there to the root (RFC 6962, 2.1.1), the leaf being the Position-th, from
// 0, of Size.
type Proof struct {
	Number     string   `json:"number"`
	Version    int64    `json:"version"`
	Before     string   `json:"before"`  // head of the version before, "" of the first
	Content    string   `json:"content"` // keyed hash of everything that version says
	Position   int64    `json:"position"`
	Size       int64    `json:"size"`
	Hashes     []string `json:"hashes"`
	Checkpoint string   `json:"checkpoint"`

	At  time.Time `json:"at"`  // when the checkpoint was signed, by the office's clock
	Key string    `json:"key"` // that opens it, as Checkpoints has it
}

// Head is the head of the version, in 32 bytes.
func (p Proof) Head() []byte {
	head := sha256.Sum256([]byte(strings.Join([]string{"dengwen case 1", p.Number, itoa(int(p.Version)), p.Before, p.Content, ""}, "\n")))
	return head[:]
}

// markLen is the letters of a mark: 100 bits.
const markLen = 20

// Mark is what a receipt has of the first entry of a case in the record: the first 100 bits, as
// letters of query codes in groups of four, of the SHA-256 of the lines "dengwen receipt 1", the
// key that signs checkpoints and the head of the entry in hexadecimal, each ended by a line feed.
// Neither the entry nor the key can be another afterwards.
func Mark(key string, head []byte) string {
	sum := sha256.Sum256([]byte("dengwen receipt 1\n" + key + "\n" + hex.EncodeToString(head) + "\n"))
	var b []byte
	for i := range markLen {
		if i > 0 && i%4 == 0 {
			b = append(b, '-')
		}
		bit := 5 * i
		two := uint(sum[bit/8])<<8 | uint(sum[bit/8+1])
		b = append(b, letters[two>>(11-bit%8)&31])
	}
	return string(b)
}

// ParseMark reads a mark as people type it. False when it can't be one.
func ParseMark(s string) (string, bool) {
	c := compact(fold(s))
	if len(c) != markLen || strings.Trim(c, letters) != "" {
		return "", false
	}
	return strings.Join([]string{c[:4], c[4:8], c[8:12], c[12:16], c[16:]}, "-"), true
}
