package cases

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"encoding/binary"
	"errors"
	"fmt"
	"strconv"
)

// Numbers of cases show neither how many there are nor when one came: the year's counter goes
// through a keyed permutation, see docs/decisions/0008-numbers-drawn-by-a-permutation.md.

// serialRange is a run of serials that a permutation gives out in another order.
type serialRange struct {
	first, size uint64
	halfBits    uint // of the Feistel network, whose blocks have twice as many; 4^halfBits >= size
}

// serialRanges are used up one after another. Neither holds a serial of fewer than six digits:
// those were counted up before there was a permutation.
var serialRanges = []serialRange{
	{first: 100_000, size: 900_000, halfBits: 10},
	{first: 10_000_000, size: 90_000_000, halfBits: 14},
}

var errYearFull = errors.New("the year has no number left")

// serialOf is the serial of the count-th case of a year, count being 1 for the first. For one
// key it gives none twice.
func (s *Store) serialOf(year, count int) (int, error) {
	return permutedSerial(s.box.Hash("serial", strconv.Itoa(year)), count)
}

func permutedSerial(key []byte, count int) (int, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return 0, err
	}
	at := uint64(count - 1)
	for _, r := range serialRanges {
		if at < r.size {
			return int(r.first + r.permute(block, at)), nil
		}
		at -= r.size
	}
	return 0, errYearFull
}

// permute is a permutation of the range: a Feistel network of ten rounds of AES, as many as FF1 of
// NIST SP 800-38G has, gone through again while it leads outside of the
// range (cycle walking).
func (r serialRange) permute(block cipher.Block, at uint64) uint64 {
	for {
		if at = r.feistel(block, at); at < r.size {
			return at
		}
	}
}

const feistelRounds = 10

func (r serialRange) feistel(block cipher.Block, at uint64) uint64 {
	mask := uint64(1)<<r.halfBits - 1
	left, right := at>>r.halfBits, at&mask
	var b [aes.BlockSize]byte
	for round := range feistelRounds {
		b = [aes.BlockSize]byte{byte(r.halfBits), byte(round)}
		binary.BigEndian.PutUint64(b[8:], right)
		block.Encrypt(b[:], b[:])
		left, right = right, left^binary.BigEndian.Uint64(b[8:])&mask
	}
	return left<<r.halfBits | right
}

// drawn is a place of the year's counter and the serial that belongs to it.
type drawn struct{ count, serial int }

// drawSerials takes the next n places of a year's counter, whose row is locked until the
// transaction ends.
func (s *Store) drawSerials(ctx context.Context, tx Tx, year, n int) ([]drawn, error) {
	var last int
	err := tx.QueryRowContext(ctx, `INSERT INTO serials (year, last) VALUES ($1, $2)
		ON CONFLICT (year) DO UPDATE SET last = serials.last + excluded.last RETURNING last`, year, n).Scan(&last)
	if err != nil {
		return nil, fmt.Errorf("take serial: %w", err)
	}
	all := make([]drawn, 0, n)
	for count := last - n + 1; count <= last; count++ {
		serial, err := s.serialOf(year, count)
		if err != nil {
			return nil, fmt.Errorf("take serial: %w", err)
		}
		all = append(all, drawn{count, serial})
	}
	return all, nil
}
