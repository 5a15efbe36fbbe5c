package seal

import (
	"fmt"

	"github.com/tink-crypto/tink-go/v2/streamingaead/subtle"
	"github.com/tink-crypto/tink-go/v2/tink"
)

// segment is how many bytes of a sealed stream are held in memory.
const segment = 64 << 10

// Streaming seals and opens streams of any length for one purpose ("blob"): AES-256-GCM in
// segments of 64 KiB under a key derived from the key id (Tink's streaming AEAD). A stream that
// was cut, changed or put together otherwise does not open. ErrUnknownKey when the key is not there.
func (b *Box) Streaming(id ID, purpose string) (tink.StreamingAEAD, error) {
	secret, err := b.Derive(id, purpose, "streaming key")
	if err != nil {
		return nil, err
	}
	a, err := subtle.NewAESGCMHKDF(secret, "SHA256", 32, segment, 0)
	if err != nil {
		return nil, fmt.Errorf("derive key for %s: %w", purpose, err)
	}
	return a, nil
}
