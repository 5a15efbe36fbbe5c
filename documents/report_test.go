package documents_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"regexp"
	"strings"
	"testing"

	"dengwen/documents"
)

// A report of many rows goes over pages, says every figure in both forms, and signs with the office.
func TestReportPapers(t *testing.T) {
	t.Parallel()
	r, err := documents.New("", "")
	if err != nil {
		t.Fatal(err)
	}
	rows := [][]string{{"单位", "按时告知", "按时答复", "参评", "满意", "录入"}}
	for i := range 60 {
		rows = append(rows, []string{fmt.Sprintf("第%d个单位", i), fmt.Sprintf("%d/%d (100.0%%)", 7000+i, 7000+i), "—", "—", "—", "0"})
	}
	rep := documents.Report{Title: "柞水县信访情况月报", Notes: []string{"内部使用。"}, Signs: []documents.Sign{{Label: "签发人"}, {Label: "制表人"}}, Office: "柞水县信访局", Day: "2026年12月1日",
		Tables: []documents.Table{{Title: "空的一张", Rows: rows[:1], None: "这段时间没有。"}, {Title: "单位办理情况", Rows: rows}}}
	var docx, pdf bytes.Buffer
	if err := r.Report(t.Context(), &docx, "docx", rep); err != nil {
		t.Fatal(err)
	}
	z, err := zip.NewReader(bytes.NewReader(docx.Bytes()), int64(docx.Len()))
	if err != nil {
		t.Fatal(err)
	}
	f, err := z.Open("word/document.xml")
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(f)
	if err != nil {
		t.Fatal(err)
	}
	plain := regexp.MustCompile(`<[^>]+>`).ReplaceAllString(string(text), "")
	for i := range 60 {
		if !strings.Contains(plain, fmt.Sprintf("%d/%d (100.0%%)", 7000+i, 7000+i)) {
			t.Errorf("Word lacks row %d", i)
		}
	}
	if n := strings.Count(string(text), "<w:tbl>"); n != 2 || strings.Count(string(text), "</w:tbl>") != 2 || strings.Count(string(text), "<w:tr>") != 62 {
		t.Errorf("%d tables, %d rows", n, strings.Count(string(text), "<w:tr>"))
	}
	for _, want := range []string{"这段时间没有。", "签发人", "制表人", "柞水县信访局", "2026年12月1日"} {
		if !strings.Contains(plain, want) {
			t.Errorf("Word lacks %q", want)
		}
	}
	if err := r.Report(t.Context(), &pdf, "pdf", rep); err != nil {
		t.Fatal(err)
	}
	if pages := bytes.Count(pdf.Bytes(), []byte("/Type /Page\n")) + bytes.Count(pdf.Bytes(), []byte("/Type /Page ")); !bytes.HasPrefix(pdf.Bytes(), []byte("%PDF-1.4")) || pages == 1 {
		t.Errorf("PDF of %d pages begins %q", pages, pdf.Bytes()[:8])
	}
	if err := r.Report(t.Context(), io.Discard, "odt", rep); err == nil {
		t.Error("written in a form there is not")
	}
}
