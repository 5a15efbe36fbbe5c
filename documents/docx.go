package documents

import (
	"archive/zip"
	"cmp"
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"math"
	"strings"

	"dengwen/petition"
)

// The faces of GB/T 9704-2012 by role, and what programs take where one is not installed.
var officialFaces = [roles]struct{ name, substitute string }{
	{"仿宋_GB2312", "仿宋"}, {"方正小标宋简体", "宋体"}, {"黑体", "SimHei"}, {"楷体_GB2312", "楷体"},
}

// encodeDOCX writes a Word document for an officer to edit and stamp. It names the
// office's faces, sets lines and pages as the PDF does, and says all of it itself: no
// style of whoever opens it decides.
func (r *Renderer) encodeDOCX(ctx context.Context, w io.Writer, d petition.Document, p paper, m *measurer) error {
	x := &docx{s: &setter{m: m}, p: p}
	if err := x.s.run(ctx, p); err != nil && !errors.Is(err, errFull) {
		return err
	}
	for i := range x.face {
		x.face[i] = cmp.Or(r.faces.own[i], officialFaces[i].name)
	}
	text, err := x.document(ctx)
	if err != nil {
		return err
	}
	z := zip.NewWriter(w)
	for _, f := range []struct{ name, text string }{
		{"[Content_Types].xml", contentTypes},
		{"_rels/.rels", relations},
		{"word/_rels/document.xml.rels", documentRelations},
		{"word/styles.xml", x.styles()},
		{"word/fontTable.xml", x.fontTable()},
		{"word/settings.xml", settingsXML},
		{"word/header1.xml", x.header()},
		{"word/footer1.xml", x.letterFooter()},
		{"word/footer2.xml", x.pageFooter("right", `w:right="280"`)},
		{"word/footer3.xml", x.pageFooter("left", `w:left="280"`)},
		{"word/document.xml", text},
		{"docProps/core.xml", coreProperties(d)},
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
	xmlHead      = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"
	mainSpace    = `xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"`
	wordML       = "application/vnd.openxmlformats-officedocument.wordprocessingml."
	contentTypes = xmlHead + `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>` +
		`<Override PartName="/word/document.xml" ContentType="` + wordML + `document.main+xml"/>` +
		`<Override PartName="/word/styles.xml" ContentType="` + wordML + `styles+xml"/>` +
		`<Override PartName="/word/fontTable.xml" ContentType="` + wordML + `fontTable+xml"/>` +
		`<Override PartName="/word/settings.xml" ContentType="` + wordML + `settings+xml"/>` +
		`<Override PartName="/word/header1.xml" ContentType="` + wordML + `header+xml"/>` +
		`<Override PartName="/word/footer1.xml" ContentType="` + wordML + `footer+xml"/>` +
		`<Override PartName="/word/footer2.xml" ContentType="` + wordML + `footer+xml"/>` +
		`<Override PartName="/word/footer3.xml" ContentType="` + wordML + `footer+xml"/>` +
		`<Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/></Types>`
	relation          = `http://schemas.openxmlformats.org/officeDocument/2006/relationships/`
	relations         = xmlHead + `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="` + relation + `officeDocument" Target="word/document.xml"/><Relationship Id="r2" Type="http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties" Target="docProps/core.xml"/></Relationships>`
	documentRelations = xmlHead + `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">` +
		`<Relationship Id="s1" Type="` + relation + `styles" Target="styles.xml"/>` +
		`<Relationship Id="s2" Type="` + relation + `fontTable" Target="fontTable.xml"/>` +
		`<Relationship Id="s3" Type="` + relation + `settings" Target="settings.xml"/>` +
		`<Relationship Id="h1" Type="` + relation + `header" Target="header1.xml"/>` +
		`<Relationship Id="f1" Type="` + relation + `footer" Target="footer1.xml"/>` +
		`<Relationship Id="f2" Type="` + relation + `footer" Target="footer2.xml"/>` +
		`<Relationship Id="f3" Type="` + relation + `footer" Target="footer3.xml"/></Relationships>`
	// Page numbers stand right on odd pages and left on even ones; marks are not squeezed,
	// or lines would hold more than 28 characters.
	settingsXML = xmlHead + `<w:settings ` + mainSpace + `><w:evenAndOddHeaders/><w:characterSpacingControl w:val="doNotCompress"/><w:compat><w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat></w:settings>`
)

// twips are twentieths of a point.
func twips(points float64) int { return int(math.Round(points * 20)) }

// docx is one document being written.
type docx struct {
	s    *setter // measures as the PDF does, and has set it
	p    paper
	face [roles]string
}

func (x *docx) styles() string {
	return xmlHead + `<w:styles ` + mainSpace + `><w:docDefaults><w:rPrDefault><w:rPr>` + fontsOf(x.face[bodyFace]) +
		`<w:sz w:val="32"/><w:szCs w:val="32"/><w:lang w:val="en-US" w:eastAsia="zh-CN"/></w:rPr></w:rPrDefault>` +
		`<w:pPrDefault/></w:docDefaults><w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:pPr><w:widowControl w:val="0"/><w:kinsoku/>` +
		`<w:overflowPunct w:val="0"/><w:autoSpaceDE w:val="0"/><w:autoSpaceDN w:val="0"/><w:snapToGrid w:val="0"/><w:spacing w:before="0" w:after="0" w:line="579" w:lineRule="exact"/>` +
		`</w:pPr></w:style></w:styles>`
}

func (x *docx) fontTable() string {
	var b strings.Builder
	b.WriteString(xmlHead + `<w:fonts ` + mainSpace + `>`)
	for r, name := range x.face {
		fmt.Fprintf(&b, `<w:font w:name="%s"><w:altName w:val="%s"/><w:charset w:val="86"/><w:family w:val="auto"/></w:font>`, escape(name), officialFaces[r].substitute)
	}
	return b.String() + `</w:fonts>`
}

func coreProperties(d petition.Document) string {
	return xmlHead + `<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>` +
		escape(d.Title) + `</dc:title><dc:subject>` + escape(d.Number) + `</dc:subject></cp:coreProperties>`
}

// header is the letterhead on a letter's first page.
func (x *docx) header() string {
	text := ""
	if x.p.organ != "" {
		_, fit := x.s.organFit(x.p.organ)
		text = x.para(x.p.organ, paragraph{role: titleFace, size: fit, line: twips(fit), align: "center", left: -397, right: -397, red: true,
			border: `<w:bottom w:val="thickThinSmallGap" w:sz="24" w:space="11" w:color="FF0000"/>`})
	}
	return xmlHead + `<w:hdr ` + mainSpace + `>` + cmp.Or(text, `<w:p/>`) + `</w:hdr>`
}

// letterFooter is the lower double line of a letter's first page, which has no number.
func (x *docx) letterFooter() string {
	return xmlHead + `<w:ftr ` + mainSpace + `>` + x.para("", paragraph{size: 1, line: 20, left: -397, right: -397,
		border: `<w:bottom w:val="thinThickSmallGap" w:sz="24" w:space="1" w:color="FF0000"/>`}) + `</w:ftr>`
}

func (x *docx) pageFooter(align, indent string) string {
	run := fmt.Sprintf(`<w:r><w:rPr>%s<w:sz w:val="28"/></w:rPr><w:t xml:space="preserve">%%s</w:t></w:r>`, fontsOf(x.face[bodyFace]))
	return xmlHead + `<w:ftr ` + mainSpace + `><w:p><w:pPr><w:spacing w:after="120" w:line="340" w:lineRule="exact"/><w:ind ` + indent + `/><w:jc w:val="` + align + `"/></w:pPr>` +
		fmt.Sprintf(run, "— ") + `<w:fldSimple w:instr="PAGE">` + fmt.Sprintf(run, "1") + `</w:fldSimple>` + fmt.Sprintf(run, " —") + `</w:p></w:ftr>`
}

// section is A4 with the standard's margins, in twentieths of a point.
func (x *docx) section() string {
	first := ""
	if x.p.organ != "" {
		first = `<w:headerReference w:type="first" r:id="h1"/><w:footerReference w:type="first" r:id="f1"/>`
	}
	return `<w:sectPr>` + first + `<w:footerReference w:type="default" r:id="f2"/><w:footerReference w:type="even" r:id="f3"/><w:pgSz w:w="11906" w:h="16838"/>` +
		`<w:pgMar w:top="2098" w:right="1474" w:bottom="1984" w:left="1588" w:header="1701" w:footer="1134" w:gutter="0"/>` +
		map[bool]string{true: `<w:titlePg/>`}[first != ""] + `</w:sectPr>`
}

func (x *docx) document(ctx context.Context) (string, error) {
	var b strings.Builder
	b.WriteString(xmlHead + `<w:document ` + mainSpace + ` xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><w:body>`)
	for i, l := range x.p.running {
		if err := ctx.Err(); err != nil {
			return "", err
		}
		before := style(-1)
		if i > 0 {
			before = x.p.running[i-1].style
		}
		b.WriteString(x.line(l, before, i == len(x.p.running)-1))
	}
	if n := len(x.p.running); n > 0 && x.p.running[n-1].style.ruled() {
		b.WriteString(tableEnd)
		if len(x.p.sign) == 0 {
			b.WriteString(x.para("", paragraph{size: 1, line: 20}))
		}
	}
	b.WriteString(x.tail() + x.section() + `</w:body></w:document>`)
	return b.String(), nil
}

// line writes one line of the template that stands under one of style before (-1 = none).
func (x *docx) line(l line, before style, last bool) string {
	if l.style == row {
		head := ""
		if before != row {
			head = x.tableHead(len(l.cells))
			if before >= 0 {
				head = closed(before, x.para("", paragraph{size: 1, line: twips(rowGap), keepNext: before == heading})) + head
			}
		}
		return head + x.row(l.cells, l.room)
	}
	if l.style == gridRow {
		head := ""
		if before != gridRow {
			head = x.gridHead(len(l.cells))
		}
		return head + x.gridRow(l)
	}
	space := 0.0
	if before >= 0 {
		space = gap(before, l.style)
	}
	p := paragraph{before: twips(space), size: size, line: 579, keepNext: last && len(x.p.sign) > 0}
	switch l.style {
	case title:
		rows := x.s.titleLines(l.text)
		p.role, p.size, p.line, p.align, p.keepNext = titleFace, titleSize, twips(titlePitch), "center", true
		return closed(before, x.para(strings.Join(rows, lineBreak), p))
	case right:
		p.align = "right"
	case heading:
		p.role, p.first, p.keepNext = headingFace, twips(2*char), true
	case flush:
	case attach:
		p.left = twips(5 * char)
		if before != attach {
			p.first = -twips(3 * char)
		}
	default:
		p.role, p.first = l.face(), twips(2*char)
		if p.keepNext {
			return closed(before, x.last(l.text, p))
		}
	}
	return closed(before, x.para(l.text, p))
}

// last is the paragraph over the signature, whose page it shares: a short one in one piece. Where
// the PDF takes two lines of a long one over, they are a paragraph of their own.
func (x *docx) last(text string, p paragraph) string {
	rows := x.s.wrap(text, bodyFace, size, closer, 2*char, textW)
	n := len(rows) - x.s.split
	switch {
	case len(rows) <= whole:
		p.keepLines = true
		return x.para(text, p)
	case x.s.split == 0:
		p.keepNext = false
		return x.para(text, p)
	}
	head, tail := p, p
	head.keepNext, tail.first, tail.before = false, 0, 0
	return x.para(strings.Join(rows[:n], ""), head) + x.para(strings.Join(rows[n:], ""), tail)
}

// closed is a paragraph after the end of the table before it, if there is one.
func closed(before style, text string) string {
	if before.ruled() {
		return tableEnd + text
	}
	return text
}

// tail is signature and date in a room at the right margin whose middle is that of the
// date, the contact line, and the foot in a frame at the bottom of the page.
func (x *docx) tail() string {
	var b strings.Builder
	for i, l := range x.p.sign {
		last := i == len(x.p.sign)-1
		p := paragraph{size: size, line: 579, align: "center", left: twips(textW - x.s.signRoom(x.p.sign[len(x.p.sign)-1].text)), keepNext: !last || x.p.contact != "" || x.s.footHeight(x.p) > 0}
		if x.s.width(l.text, bodyFace, size, closer) > x.s.signRoom(x.p.sign[len(x.p.sign)-1].text) {
			p.left, p.align = 0, "right"
		}
		if i == 0 {
			p.before, p.box = twips(sealLines*pitch), x.foot()
		}
		b.WriteString(x.para(l.text, p))
	}
	if x.p.contact != "" {
		b.WriteString(x.para(x.p.contact, paragraph{size: size, line: 579, first: twips(2 * char), keepNext: x.s.footHeight(x.p) > 0}))
	}
	if h := x.s.footHeight(x.p); h > 0 {
		b.WriteString(x.para("", paragraph{size: 1, line: twips(h)})) // the room under the box
	}
	return b.String()
}

// foot is a box at the bottom of the page that the signature is on. It hangs on a paragraph and
// is none itself: a frame of paragraphs would part those that are to be kept together.
func (x *docx) foot() string {
	if x.s.footHeight(x.p) == 0 {
		return ""
	}
	var b strings.Builder
	rows := x.s.copyLines(x.p)
	bordered := func(top, bottom int) string {
		if x.p.organ != "" {
			return ""
		}
		s := ""
		for _, e := range []struct {
			side string
			size int
		}{{"top", top}, {"bottom", bottom}} {
			if e.size > 0 {
				s += fmt.Sprintf(`<w:%s w:val="single" w:sz="%d" w:space="0" w:color="000000"/>`, e.side, e.size)
			}
		}
		return s
	}
	p := paragraph{size: smallSize, line: twips(smallPitch)}
	if len(rows) > 0 {
		q := p
		q.left, q.right, q.first = twips(4*smallSize), twips(smallSize), -twips(3*smallSize)
		q.border = bordered(8, 8)
		if len(x.p.printed) > 0 {
			q.border = bordered(8, 0)
		}
		b.WriteString(x.para(x.p.copies, q))
	}
	if len(x.p.printed) > 0 {
		p.left, p.right, p.tab = twips(smallSize), twips(smallSize), twips(textW-smallSize)
		p.border = bordered(6, 8)
		if len(rows) == 0 {
			p.border = bordered(8, 8)
		}
		b.WriteString(x.para(x.p.printed[0]+"\t"+x.p.printed[1], p))
	}
	return fmt.Sprintf(footBox, textW, x.s.footHeight(x.p)) + b.String() + footBoxEnd
}

const (
	footBox = `<w:r><w:pict><v:shape xmlns:v="urn:schemas-microsoft-com:vml" type="#_x0000_t202" style="position:absolute;margin-left:0;margin-top:0;width:%.1fpt;height:%.1fpt;z-index:1;` +
		`mso-position-horizontal:left;mso-position-horizontal-relative:margin;mso-position-vertical:bottom;mso-position-vertical-relative:margin" filled="f" stroked="f">` +
		`<v:textbox inset="0,0,0,0"><w:txbxContent>`
	footBoxEnd = `</w:txbxContent></v:textbox></v:shape></w:pict></w:r>`
)

const tableEnd = `</w:tbl>`

func (x *docx) tableHead(cells int) string {
	var b strings.Builder
	b.WriteString(`<w:tbl><w:tblPr><w:tblW w:w="8844" w:type="dxa"/><w:tblInd w:w="0" w:type="dxa"/><w:tblBorders>`)
	for _, side := range []string{"top", "left", "bottom", "right", "insideH", "insideV"} {
		b.WriteString(`<w:` + side + ` w:val="single" w:sz="4" w:space="0" w:color="000000"/>`)
	}
	b.WriteString(`</w:tblBorders><w:tblLayout w:type="fixed"/><w:tblCellMar><w:top w:w="100" w:type="dxa"/><w:left w:w="120" w:type="dxa"/><w:bottom w:w="100" w:type="dxa"/><w:right w:w="120" w:type="dxa"/></w:tblCellMar></w:tblPr><w:tblGrid>`)
	for _, w := range cellWidths(4) {
		fmt.Fprintf(&b, `<w:gridCol w:w="%d"/>`, twips(w))
	}
	return b.String() + `</w:tblGrid>`
}

// row writes a row on a grid of four columns; a text that is alone spans three of them.
func (x *docx) row(cells []string, n int) string {
	widths, grid := cellWidths(len(cells)), cellWidths(4)
	var b strings.Builder
	for i, text := range cells {
		span := 1
		if i == len(cells)-1 {
			span = len(grid) - i
		}
		fmt.Fprintf(&b, `<w:tc><w:tcPr><w:tcW w:w="%d" w:type="dxa"/><w:gridSpan w:val="%d"/></w:tcPr>`, twips(widths[i]), span)
		lines := 0
		for part := range strings.SplitSeq(text, lineBreak) {
			part = printable(part)
			lines += len(x.s.wrap(part, bodyFace, cellSize, 0, 0, widths[i]-2*padding))
			b.WriteString(x.para(part, paragraph{size: cellSize, line: twips(cellPitch)}))
		}
		b.WriteString(`</w:tc>`)
		n = max(n, lines)
	}
	whole := ""
	if n <= wholeRow {
		whole = `<w:cantSplit/>`
	}
	return fmt.Sprintf(`<w:tr><w:trPr>%s<w:trHeight w:val="%d" w:hRule="atLeast"/></w:trPr>%s</w:tr>`, whole, twips(float64(min(n, wholeRow))*cellPitch+cellSpace), b.String())
}

// paragraph is how one is set; lengths are twips, size is points.
type paragraph struct {
	role                             role
	size                             float64
	line, before, left, right, first int
	tab                              int
	align, border, box               string
	keepNext, keepLines, red         bool
}

func (x *docx) para(text string, p paragraph) string {
	var b strings.Builder
	b.WriteString(`<w:p><w:pPr>`)
	if p.keepNext {
		b.WriteString(`<w:keepNext/>`)
	}
	if p.keepLines {
		b.WriteString(`<w:keepLines/>`)
	}
	if p.border != "" {
		b.WriteString(`<w:pBdr>` + p.border + `</w:pBdr>`)
	}
	if p.tab > 0 {
		fmt.Fprintf(&b, `<w:tabs><w:tab w:val="right" w:pos="%d"/></w:tabs>`, p.tab)
	}
	fmt.Fprintf(&b, `<w:spacing w:before="%d" w:line="%d" w:lineRule="exact"/><w:ind w:left="%d" w:right="%d"`, p.before, p.line, p.left, p.right)
	if p.first < 0 {
		fmt.Fprintf(&b, ` w:hanging="%d"/>`, -p.first)
	} else {
		fmt.Fprintf(&b, ` w:firstLine="%d"/>`, p.first)
	}
	fmt.Fprintf(&b, `<w:jc w:val="%s"/></w:pPr>`, cmp.Or(p.align, "both"))
	b.WriteString(p.box + x.runs(text, p))
	return b.String() + `</w:p>`
}

func (x *docx) runs(text string, p paragraph) string {
	var b strings.Builder
	b.WriteString(`<w:r><w:rPr>` + fontsOf(x.face[p.role]))
	if p.red {
		b.WriteString(`<w:color w:val="FF0000"/>`)
	}
	if p.size == size {
		fmt.Fprintf(&b, `<w:spacing w:val="%d"/>`, twips(closer))
	}
	fmt.Fprintf(&b, `<w:sz w:val="%d"/></w:rPr>`, int(math.Floor(p.size*2)))
	for i, part := range strings.Split(text, lineBreak) {
		if i > 0 {
			b.WriteString(`<w:br/>`)
		}
		for j, cell := range strings.Split(part, "\t") {
			if j > 0 {
				b.WriteString(`<w:tab/>`)
			}
			b.WriteString(`<w:t xml:space="preserve">` + escape(cell) + `</w:t>`)
		}
	}
	return b.String() + `</w:r>`
}

// fontsOf names a face for every script; the hint sets marks such as “ and … in it, too.
func fontsOf(face string) string {
	f := escape(face)
	return fmt.Sprintf(`<w:rFonts w:ascii="%s" w:hAnsi="%s" w:eastAsia="%s" w:cs="%s" w:hint="eastAsia"/>`, f, f, f, f)
}

func escape(s string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(s)) // a Builder cannot fail
	return b.String()
}
