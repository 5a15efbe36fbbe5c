package scrub

import (
	"bytes"
	"encoding/binary"
	"testing"
)

func words32(n ...uint32) (b []byte) {
	for _, v := range n {
		b = binary.BigEndian.AppendUint32(b, v)
	}
	return b
}

// track is one with samples of these sizes, one to a chunk.
func track(kind string, here byte, sizes, chunks []uint32) []byte {
	dref := atom("dref", words32(0, 1), atom("url ", []byte{0, 0, 0, here}))
	stbl := atom("stbl", atom("stsd", words32(0, 0)), atom("stsc", words32(0, 1, 1, 1, 1)),
		atom("stsz", words32(0, 0, uint32(len(sizes))), words32(sizes...)), atom("stco", words32(0, uint32(len(chunks))), words32(chunks...)))
	mdia := atom("mdia", atom("mdhd", head(0, 20)), atom("hdlr", make([]byte, 8), []byte(kind), []byte("name")), atom("minf", atom("dinf", dref), stbl))
	return atom("trak", atom("tkhd", head(0, 80)), mdia)
}

// ride is a film with the place of every second between its pictures.
func ride(here byte, tracks ...[]byte) []byte {
	start := atom("ftyp", []byte("qt  "))
	media := atom("mdat", []byte("picture1"), []byte(secret), []byte("picture2"), []byte(secret))
	if tracks == nil {
		at, n := uint32(len(start)+8), uint32(len(secret))
		tracks = [][]byte{track("vide", 1, []uint32{8, 8}, []uint32{at, at + 8 + n}), track("meta", here, []uint32{n, n}, []uint32{at + 8, at + 16 + n})}
	}
	return bytes.Join([][]byte{start, media, atom("moov", append([][]byte{atom("mvhd", head(0, 96))}, tracks...)...)}, nil)
}

// The path second by second is emptied where it lies; pictures and sound stay where they
// are and as they are.
func TestFilmLosesItsPath(t *testing.T) {
	t.Parallel()
	was := ride(1)
	got, traces, err := Clean("video/quicktime", was)
	if err != nil || traces || len(got) != len(was) || bytes.Contains(got, []byte(secret)) {
		t.Errorf("%d of %d bytes, traces %v, the path in it %v, %v", len(got), len(was), traces, bytes.Contains(got, []byte(secret)), err)
	}
	for _, picture := range []string{"picture1", "picture2"} {
		if bytes.Index(got, []byte(picture)) != bytes.Index(was, []byte(picture)) {
			t.Errorf("%s moved or is gone", picture)
		}
	}
}

// Where the path shares bytes with a picture, lies elsewhere or can't be followed, nothing
// of the film is touched for it, and that is said.
func TestFilmWithAPathInDoubt(t *testing.T) {
	t.Parallel()
	at := uint32(len(atom("ftyp", []byte("qt  "))) + 8)
	shown := func(at ...uint32) []byte { return track("vide", 1, []uint32{8, 8}[:len(at)], at) }
	for name, film := range map[string][]byte{
		"shared with a picture": ride(1, shown(at, at+26), track("meta", 1, []uint32{12}, []uint32{at + 4})),
		"in another file":       ride(0),
		"outside of the media":  ride(1, shown(at), track("meta", 1, []uint32{8}, []uint32{2})),
		"behind the end":        ride(1, shown(at), track("meta", 1, []uint32{8}, []uint32{1 << 30})),
		"more than there is":    ride(1, shown(at), track("meta", 1, []uint32{8, 8, 8}, []uint32{at + 8})),
		"pictures not followed": ride(1, atom("trak", handler("vide")), track("meta", 1, []uint32{8}, []uint32{at + 8})),
		"in fragments":          append(ride(1), atom("moof", atom("mfhd", words32(0, 1)))...),
	} {
		got, traces, err := Clean("video/mp4", film)
		if err != nil || !traces || !bytes.Contains(got, []byte("picture1"+secret+"picture2"+secret)) {
			t.Errorf("%s: traces %v, %v", name, traces, err)
		}
	}
	if _, traces, err := Clean("video/mp4", ride(1, shown(at, at+26))); err != nil || traces {
		t.Errorf("without a path: traces %v, %v", traces, err)
	}
}
