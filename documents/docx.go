package documents

import (
	"archive/zip"
	"context"
	"encoding/xml"
	"fmt"
	"io"
	"strings"

	"dengwen/petition"
)

// encodeDOCX writes a Word document in official typography (仿宋 body, 宋体 title, first
// lines indented by two characters), for an officer to edit and stamp.
func encodeDOCX(ctx context.Context, w io.Writer, _ petition.Document, lines []line) error {
	text, err := documentXML(ctx, lines)
	if err != nil {
		return err
	}
	z := zip.NewWriter(w)
	for _, f := range []struct{ name, text string }{
		{"[Content_Types].xml", contentTypes},
		{"_rels/.rels", relations},
		{"word/_rels/document.xml.rels", documentRelations},
		{"word/footer1.xml", footer},
		{"word/document.xml", text},
	} {
		e, err := z.Create(f.name)
		if err != nil {
			return err
		}
		if _, err := io.WriteString(e, f.text); err != nil {
			return err
		}
	}
	return z.Close()
}

const (
	xmlHead           = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"
	contentTypes      = xmlHead + `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/><Override PartName="/word/footer1.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.footer+xml"/></Types>`
	relations         = xmlHead + `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>`
	documentRelations = xmlHead + `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="f1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/footer" Target="footer1.xml"/></Relationships>`
	// footer is the page number between dashes.
	footer = xmlHead + `<w:ftr xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:p><w:pPr><w:jc w:val="center"/></w:pPr><w:r><w:t xml:space="preserve">— </w:t></w:r><w:fldSimple w:instr="PAGE"><w:r><w:t>1</w:t></w:r></w:fldSimple><w:r><w:t xml:space="preserve"> —</w:t></w:r></w:p></w:ftr>`
	// A4 with the margins of an official letter, in twentieths of a point.
	section = `<w:sectPr><w:footerReference w:type="default" r:id="f1"/><w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="2098" w:right="1474" w:bottom="1984" w:left="1588" w:header="851" w:footer="992" w:gutter="0"/></w:sectPr>`
)

func documentXML(ctx context.Context, lines []line) (string, error) {
	var b strings.Builder
	b.WriteString(xmlHead + `<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><w:body>`)
	table := false
	for i, l := range lines {
		if err := ctx.Err(); err != nil {
			return "", err
		}
		if i > 0 {
			l.space = int(gap(lines[i-1].style, l.style) * 20)
		}
		if table != (l.style == row) {
			b.WriteString(map[bool]string{true: tableEnd, false: tableHead}[table])
			table = !table
		}
		if l.style == row {
			b.WriteString(`<w:tr>` + tableCell(1800, l.label) + tableCell(7000, l.text) + `</w:tr>`)
			continue
		}
		b.WriteString(paragraph(l))
	}
	if table {
		b.WriteString(tableEnd)
	}
	b.WriteString(section + `</w:body></w:document>`)
	return b.String(), nil
}

const (
	tableHead = `<w:tbl><w:tblPr><w:tblW w:w="8800" w:type="dxa"/><w:tblBorders><w:top w:val="single" w:sz="4"/><w:left w:val="single" w:sz="4"/><w:bottom w:val="single" w:sz="4"/><w:right w:val="single" w:sz="4"/><w:insideH w:val="single" w:sz="4"/><w:insideV w:val="single" w:sz="4"/></w:tblBorders></w:tblPr><w:tblGrid><w:gridCol w:w="1800"/><w:gridCol w:w="7000"/></w:tblGrid>`
	tableEnd  = `</w:tbl><w:p/>`
)

func tableCell(width int, text string) string {
	var b strings.Builder
	for part := range strings.SplitSeq(text, lineBreak) {
		b.WriteString(paragraph(line{style: flush, text: part}))
	}
	return fmt.Sprintf(`<w:tc><w:tcPr><w:tcW w:w="%d" w:type="dxa"/></w:tcPr>%s</w:tc>`, width, b.String())
}

// setting is one style in Word's terms: alignment, size in half points, font.
type setting struct {
	align string
	size  int
	font  string
	first int // indent of the first line, hundredths of a character
}

var settings = map[style]setting{
	title:   {"center", 44, "宋体", 0},
	right:   {"right", 32, "仿宋", 0},
	heading: {"left", 32, "黑体", 0},
	flush:   {"left", 32, "仿宋", 0},
	body:    {"both", 32, "仿宋", 200},
}

func paragraph(l line) string {
	s, keep := settings[l.style], ""
	if l.style == heading || l.style == right {
		keep = `<w:keepNext/>` // with what it heads, and a signature in one piece
	}
	return fmt.Sprintf(`<w:p><w:pPr>%s<w:spacing w:before="%d" w:line="560" w:lineRule="exact"/><w:ind w:firstLineChars="%d" w:firstLine="%d"/><w:jc w:val="%s"/></w:pPr><w:r><w:rPr><w:rFonts w:ascii="Times New Roman" w:hAnsi="Times New Roman" w:eastAsia="%s"/><w:sz w:val="%d"/></w:rPr><w:t xml:space="preserve">%s</w:t></w:r></w:p>`,
		keep, l.space, s.first, s.first*s.size/10, s.align, s.font, s.size, escape(l.text))
}

func escape(s string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(s)) // a Builder cannot fail
	return b.String()
}
