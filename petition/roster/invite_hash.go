package roster

import "crypto/sha256"

// inviteHash is what is kept of an invitation's token. The token is 128 random bits, so
// a plain hash gives nothing away, and every process of the office makes the same one,
// whatever its key.
func inviteHash(token string) []byte {
	sum := sha256.Sum256([]byte("invite\x00" + token))
	return sum[:]
}
