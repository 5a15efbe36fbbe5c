// Package fonts holds the one typeface the program draws and prints with: Noto Sans
// SC Regular, static TrueType outlines, SIL Open Font License 1.1 (LICENSE).
package fonts

import _ "embed"

// Regular is the whole font file. Its pages are read from the program file when they
// are first touched, so it costs no memory until then. It must not be changed.
//
//go:embed NotoSansSC-Regular.ttf
var Regular []byte
