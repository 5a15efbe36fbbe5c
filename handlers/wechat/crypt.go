package wechat

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/sha1" //nolint:gosec // the platform's signature
	"crypto/subtle"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// The envelope of the official account platform (消息加解密说明): AES-256-CBC with the first half of
// the key as initialisation vector, over 16 random bytes, the length of the message (4 bytes,
// big-endian), the message and the receiver's id, padded as PKCS #7 does but to 32 bytes.
const (
	blockSize   = 32 // of the padding
	randomSize  = 16
	lengthSize  = 4
	keyTextSize = 43 // of an EncodingAESKey: 32 bytes in base64 without the =
)

// envelope opens and seals messages of one receiver.
type envelope struct {
	token    string
	receiver string   // app id
	keys     [][]byte // the newest first; the platform uses an old one for a while after a change
}

// errEnvelope is all that a stranger's bytes are told by: which step failed is nobody's business.
var errEnvelope = errors.New("not an envelope for us")

func newEnvelope(token, receiver string, keys []string) (envelope, error) {
	e := envelope{token: token, receiver: receiver}
	for _, k := range keys {
		key, err := base64.StdEncoding.DecodeString(k + "=")
		if err != nil || len(k) != keyTextSize {
			return e, fmt.Errorf("an EncodingAESKey has %d characters of base64", keyTextSize)
		}
		e.keys = append(e.keys, key)
	}
	return e, nil
}

// signature is SHA-1 over the token and the other parts in order of their bytes.
func (e envelope) signature(parts ...string) string {
	all := append([]string{e.token}, parts...)
	slices.Sort(all)
	sum := sha1.Sum([]byte(strings.Join(all, ""))) //nolint:gosec // the platform's signature
	return hex.EncodeToString(sum[:])
}

func (e envelope) signed(signature string, parts ...string) bool {
	return subtle.ConstantTimeCompare([]byte(signature), []byte(e.signature(parts...))) == 1
}

// open answers the message and which key it was sealed with, so that the answer uses the same.
func (e envelope) open(sealed string) (message []byte, key int, err error) {
	body, err := base64.StdEncoding.DecodeString(sealed)
	if err != nil || len(body) == 0 || len(body)%aes.BlockSize != 0 {
		return nil, 0, errEnvelope
	}
	for i := range e.keys {
		if message, ok := e.openWith(e.keys[i], body); ok {
			return message, i, nil
		}
	}
	return nil, 0, errEnvelope
}

func (e envelope) openWith(key, body []byte) ([]byte, bool) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, false
	}
	plain := make([]byte, len(body))
	cipher.NewCBCDecrypter(block, key[:aes.BlockSize]).CryptBlocks(plain, body)
	pad := int(plain[len(plain)-1])
	if pad < 1 || pad > blockSize || len(plain) < randomSize+lengthSize+pad {
		return nil, false
	}
	plain = plain[:len(plain)-pad]
	rest := plain[randomSize+lengthSize:]
	n := binary.BigEndian.Uint32(plain[randomSize:])
	if uint64(n) > uint64(len(rest)) { // a wrong key gives any number
		return nil, false
	}
	message, receiver := rest[:n], rest[n:]
	return message, subtle.ConstantTimeCompare(receiver, []byte(e.receiver)) == 1
}

// seal is an envelope with fresh random bytes.
func (e envelope) seal(message []byte, key int) string {
	var random [randomSize]byte
	_, _ = rand.Read(random[:]) // never fails, crypto/rand
	return e.sealWith(random, message, key)
}

func (e envelope) sealWith(random [randomSize]byte, message []byte, key int) string {
	plain := binary.BigEndian.AppendUint32(random[:], uint32(len(message))) //nolint:gosec // messages are bounded
	plain = append(append(plain, message...), e.receiver...)
	pad := blockSize - len(plain)%blockSize
	plain = append(plain, bytes.Repeat([]byte{byte(pad)}, pad)...)
	block, err := aes.NewCipher(e.keys[key])
	if err != nil {
		panic("wechat: " + err.Error()) // newEnvelope took keys of 32 bytes alone
	}
	cipher.NewCBCEncrypter(block, e.keys[key][:aes.BlockSize]).CryptBlocks(plain, plain)
	return base64.StdEncoding.EncodeToString(plain)
}
