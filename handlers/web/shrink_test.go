package web

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"
)

// lying is a photo as phones write it: 1.2 MB, wide, left half red and right half
// blue, with the note that it is to be shown turned by a quarter.
func lying(t *testing.T) []byte {
	t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, 1200, 600))
	for x := range 1200 {
		c := color.RGBA{200, 0, 0, 255}
		if x >= 600 {
			c = color.RGBA{0, 0, 200, 255}
		}
		for y := range 600 {
			img.Set(x, y, c)
		}
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, nil); err != nil {
		t.Fatal(err)
	}
	out := append([]byte{}, b.Bytes()[:2]...)
	exif := []byte("Exif\x00\x00MM\x00\x2a\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01\x00\x06\x00\x00\x00\x00\x00\x00")
	out = append(append(out, 0xFF, 0xE1, 0, byte(len(exif)+2)), exif...)
	for range 20 {
		out = append(append(out, 0xFF, 0xFE, 0xF0, 0x02), bytes.Repeat([]byte("GPS "), 0xF000/4)...)
	}
	return append(out, b.Bytes()[2:]...)
}

func TestLargePhotosAreMadeSmaller(t *testing.T) {
	t.Parallel()
	b := newStage(t, nil).tab(t, 360, 640)
	dir := t.TempDir()
	big, broken := filepath.Join(dir, "路.JPG"), filepath.Join(dir, "坏.jpg")
	photo := lying(t)
	for name, body := range map[string][]byte{big: photo, broken: []byte("\xff\xd8 no picture")} {
		if err := os.WriteFile(name, body, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	b.do(chromedp.Click("#attach summary"), chromedp.SetUploadFiles(`input[accept^="image"]`, []string{big, broken}))
	b.write("路塌了")
	b.until(bubbles + ` === 2`)
	media := b.taken()[0].Media
	if len(media) != 2 || media[0].Name != "路.jpg" || media[1].Name != "坏.jpg" {
		t.Fatalf("media = %+v", media)
	}
	stored := b.stored[media[0].ID]
	img, err := jpeg.Decode(bytes.NewReader(stored))
	if err != nil {
		t.Fatal(err)
	}
	if size := img.Bounds().Size(); size != image.Pt(600, 1200) {
		t.Errorf("the photo lies: %v", size)
	}
	top, _, _, _ := img.At(300, 100).RGBA()
	if top>>8 < 150 {
		t.Errorf("the wrong half is above: red %d", top>>8)
	}
	if len(stored) >= len(photo)/4 || bytes.Contains(stored, []byte("GPS ")) {
		t.Errorf("%d of %d bytes left, hidden data %t", len(stored), len(photo), bytes.Contains(stored, []byte("GPS ")))
	}
	if string(b.stored[media[1].ID]) != "\xff\xd8 no picture" {
		t.Error("what the browser cannot read did not go as it was")
	}
}
