package petition

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
}
