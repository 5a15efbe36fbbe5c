package officetest

import (
	"bytes"
	"image"
	"image/png"
)

// Picture is a small picture that passes for one everywhere.
var Picture = func() []byte {
	var b bytes.Buffer
	_ = png.Encode(&b, image.NewGray(image.Rect(0, 0, 8, 8))) // a buffer takes all
	return b.Bytes()
}()
