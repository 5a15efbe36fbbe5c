package scrub

import (
	"bytes"
	"encoding/binary"
	"strings"
	"testing"
)

func atom(kind string, parts ...[]byte) []byte {
	body := bytes.Join(parts, nil)
	return append(binary.BigEndian.AppendUint32(nil, uint32(8+len(body))), append([]byte(kind), body...)...)
}

func head(version byte, n int) []byte {
	return append([]byte{version, 0, 0, 0}, bytes.Repeat([]byte{0xAB}, n)...)
}

func handler(kind string) []byte {
	return atom("mdia", atom("mdhd", head(1, 28)), atom("hdlr", make([]byte, 8), []byte(kind), []byte("name")), atom("minf", []byte("samples")))
}

const secret = "+33.6820+109.1140/"

// A film as a phone writes it: its place in the film's own notes and a track's, its
// path second by second, and boxes of the maker's.
func film() []byte {
	note := atom("udta", atom("\xa9xyz", []byte(secret)))
	return bytes.Join([][]byte{
		atom("ftyp", []byte("mp42")),
		atom("mdat", []byte("picture and sound")),
		atom("moov", atom("mvhd", head(0, 96)), note, atom("meta", []byte(secret)),
			atom("trak", atom("tkhd", head(0, 80)), note, handler("vide")),
			atom("trak", atom("tkhd", head(0, 80)), atom("path", []byte(secret)), handler("meta"))),
		atom("uuid", []byte(secret)), atom("SEFT", []byte(secret)), atom("free", []byte(secret)),
	}, nil)
}

func TestFilmLosesWhereAndWhen(t *testing.T) {
	t.Parallel()
	was := film()
	got, _, err := clean("video/mp4", was)
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(got, []byte(secret)) {
		t.Error("the place is still in it")
	}
	if len(got) != len(was) || bytes.Index(got, []byte("picture and sound")) != bytes.Index(was, []byte("picture and sound")) {
		t.Error("something moved: the film no longer finds its pictures")
	}
	if n := bytes.Count(got, []byte("samples")); n != 1 {
		t.Errorf("%d tracks left, want the film's one", n)
	}
	for _, kind := range []string{"mvhd", "tkhd"} {
		at := bytes.Index(got, []byte(kind)) + 8
		if !bytes.Equal(got[at:at+8], make([]byte, 8)) || got[at+8] != 0xAB {
			t.Errorf("%s: times %x, then %x", kind, got[at:at+8], got[at+8])
		}
	}
	if at := bytes.Index(got, []byte("mdhd")) + 8; !bytes.Equal(got[at:at+16], make([]byte, 16)) || got[at+16] != 0xAB {
		t.Errorf("mdhd: times %x", got[at:at+16])
	}
	if !bytes.Equal(was, film()) {
		t.Error("the bytes handed in were changed")
	}
}

func TestFilmCutOffByABadLineIsKept(t *testing.T) {
	t.Parallel()
	b := append(atom("moov", atom("mvhd", head(0, 96))), atom("mdat", []byte(strings.Repeat("x", 100)))...)
	if got, _, err := clean("video/mp4", b[:len(b)-40]); err != nil || len(got) != len(b)-40 {
		t.Errorf("%d bytes, %v", len(got), err)
	}
	if _, _, err := clean("video/mp4", atom("moov", []byte("\x00\x00\x01\x00trak"))); err == nil {
		t.Error("a track longer than what it stands in was taken")
	}
}

// A HEIC picture with one picture item and one of EXIF, whose bytes stand in mdat.
func heic() []byte {
	infe := func(id byte, kind string) []byte {
		return atom("infe", []byte{2, 0, 0, 0, 0, id, 0, 0}, []byte(kind), []byte{0})
	}
	item := func(id byte, from, n uint32) []byte {
		b := []byte{0, id, 0, 0, 0, 1}
		return binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(b, from), n)
	}
	build := func(start uint32) []byte {
		iloc := atom("iloc", []byte{0, 0, 0, 0, 0x44, 0, 0, 2}, item(1, start, 7), item(2, start+7, uint32(len(secret))))
		iinf := atom("iinf", []byte{0, 0, 0, 0, 0, 2}, infe(1, "hvc1"), infe(2, "Exif"))
		return bytes.Join([][]byte{
			atom("ftyp", []byte("heic")), atom("meta", make([]byte, 4), atom("iprp", []byte("turned")), iinf, iloc),
			atom("mdat", []byte("picture"), []byte(secret)), atom("uuid", []byte(secret)),
		}, nil)
	}
	return build(uint32(bytes.Index(build(0), []byte("picture"))))
}

func TestHEICLosesWhereAndWhen(t *testing.T) {
	t.Parallel()
	was := heic()
	got, _, err := clean("image/heic", was)
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(got, []byte(secret)) || len(got) != len(was) {
		t.Errorf("the place is still in it, or something moved: %q", got)
	}
	if !bytes.Contains(got, []byte("picture")) || !bytes.Contains(got, []byte("turned")) {
		t.Errorf("the picture is gone too: %q", got)
	}
	greedy := bytes.Join([][]byte{atom("ftyp", []byte("heic")), atom("meta", make([]byte, 4), atom("iinf", make([]byte, 6)),
		atom("iloc", []byte{0, 0, 0, 0, 0, 0, 0xFF, 0xFF}, bytes.Repeat([]byte{0, 1, 0, 0, 0xFF, 0xFF}, 0xFFFF)))}, nil)
	for _, broken := range [][]byte{greedy, was[:60], atom("ftyp", []byte("heic")), bytes.Replace(was, []byte("\x00\x00\x00\x00\x44"), []byte("\x02\x00\x00\x00\xFF"), 1)} {
		if _, _, err := clean("image/heic", broken); err == nil {
			t.Errorf("taken although nobody knows what is in it: %.100q", broken)
		}
	}
}

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
	got, traces, err := clean("video/quicktime", was)
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
		got, traces, err := clean("video/mp4", film)
		if err != nil || !traces || !bytes.Contains(got, []byte("picture1"+secret+"picture2"+secret)) {
			t.Errorf("%s: traces %v, %v", name, traces, err)
		}
	}
	if _, traces, err := clean("video/mp4", ride(1, shown(at, at+26))); err != nil || traces {
		t.Errorf("without a path: traces %v, %v", traces, err)
	}
}
