// Package fonts holds the typefaces that the program draws and prints with, static
// TrueType outlines under the SIL Open Font License 1.1 (LICENSE, LICENSE-NotoSerifSC),
// and the colour profile of its PDF files. scripts/fonts.sh makes the subsets.
package fonts

import _ "embed"

// The files are whole, and their pages are read from the program file when they are
// first touched, so they cost no memory until then. They must not be changed.
var (
	// Regular is Noto Sans SC: receipts, and headings of official documents.
	//
	//go:embed NotoSansSC-Regular.ttf
	Regular []byte

	// Serif is Noto Serif SC without its tables for hints and vertical text: the words of
	// official documents. It has 27,771 of the 87,887 ideographs of GB 18030-2022.
	//
	//go:embed NotoSerifSC-Regular.ttf
	Serif []byte

	// SerifSemiBold has the characters of GB 2312, for titles.
	//
	//go:embed NotoSerifSC-SemiBold.ttf
	SerifSemiBold []byte

	// SRGB is the ICC's profile of sRGB (LICENSE-sRGB2014), which PDF/A wants beside colours.
	//
	//go:embed sRGB2014.icc
	SRGB []byte
)
