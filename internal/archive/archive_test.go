package archive_test

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"dengwen/internal/archive"
	"dengwen/internal/office"
	"dengwen/internal/seal"
	"dengwen/internal/test/memory"
	"dengwen/petition"

	"github.com/google/uuid"
)

var now = time.Date(2026, 11, 30, 2, 0, 0, 0, time.UTC)

func newService(t *testing.T) *petition.Service {
	t.Helper()
	key, err := seal.NewKey()
	if err != nil {
		t.Fatal(err)
	}
	box, err := seal.Open(key)
	if err != nil {
		t.Fatal(err)
	}
	return petition.NewService(memory.NewMemory(), office.Example(), petition.DefaultCalendar(), box.Hash, func() time.Time { return now }, func() string { return uuid.Must(uuid.NewV7()).String() }, new(memory.Blobs))
}

var (
	office1 = office.Example()
	clerk   = petition.Actor{Staff: "clerk", Unit: office1.Unit, Roles: []petition.Role{petition.Intake}}
	chief   = petition.Actor{Staff: "chief", Unit: office1.Unit, Roles: []petition.Role{petition.Supervisor}, Reason: "审计"}
)

// filled has cases of several kinds, at several steps.
func filled(t *testing.T) *petition.Service {
	s := newService(t)
	for i, class := range []petition.Class{petition.Claim, petition.Suggestion, petition.Claim, petition.Report} {
		f := petition.Filing{Key: string(rune('a' + i)), Owner: "web:1", Channel: "web", Class: class, Facts: "村里的路坏了。", Place: petition.Place{Code: office1.Places[0].Code}, Contact: petition.Contact{Name: "王秀兰", Phone: "13912345678"}}
		k, err := s.File(t.Context(), petition.Actor{Owner: "web:1"}, f)
		if err != nil {
			t.Fatal(err)
		}
		if i == 2 {
			if _, err := s.Do(t.Context(), clerk, k.Number, petition.Move{Key: "m", Name: petition.MoveTransfer, Unit: office1.Places[0].Unit, Text: "请办理。"}); err != nil {
				t.Fatal(err)
			}
		}
	}
	return s
}

func write(t *testing.T, s *petition.Service, contacts bool) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "all.zip")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	x := &archive.Exporter{Cases: s, Office: office1, Now: func() time.Time { return now }}
	run, err := x.Begin(f, archive.Wanted{Reason: "审计", Contacts: contacts})
	for over := false; err == nil && !over; {
		over, err = run.Next(t.Context(), chief)
	}
	if err != nil {
		t.Fatal(err)
	}
	return path
}

func files(t *testing.T, path string) map[string]string {
	t.Helper()
	z, err := zip.OpenReader(path)
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	all := map[string]string{}
	for _, f := range z.File {
		in, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(in)
		if err != nil {
			t.Fatal(err)
		}
		all[f.Name] = string(b)
	}
	return all
}

// What was exported and imported elsewhere is exported there just the same.
func TestExportAndImportAgain(t *testing.T) {
	t.Parallel()
	path := write(t, filled(t), true)
	other := newService(t)
	n := 0
	if _, err := archive.Read(path, func(c petition.Case) error {
		n++
		return other.Adopt(t.Context(), clerk, c)
	}); err != nil || n != 3 {
		t.Fatalf("%d cases, %v", n, err)
	}
	before, after := files(t, path), files(t, write(t, other, true))
	if !reflect.DeepEqual(before, after) {
		for name := range before {
			if before[name] != after[name] {
				t.Errorf("%s:\n%s\nwas\n%s", name, after[name], before[name])
			}
		}
	}
	if !strings.Contains(before["cases-001.jsonl"], "13912345678") || strings.Contains(before["cases-001.jsonl"], "web:1") {
		t.Error("the contacts are not in it, or the chats are")
	}
	if _, err := archive.Read(path, func(c petition.Case) error { return other.Adopt(t.Context(), clerk, c) }); petition.CodeOf(err) != petition.Conflict {
		t.Errorf("imported a second time: %v", err)
	}
}

// Nobody exports without the right and a reason; it is in the access log; contacts and reports on
// misconduct stay here.
func TestWhatAnExportLeaves(t *testing.T) {
	t.Parallel()
	s := filled(t)
	all := files(t, write(t, s, false))
	for name, text := range all {
		if strings.Contains(text, "13912345678") || strings.Contains(text, "王秀兰") || strings.Contains(text, `"class":"report"`) {
			t.Errorf("%s says too much", name)
		}
	}
	log, err := s.Accesses(t.Context(), chief, petition.AccessQuery{})
	if err != nil || len(log.Lines) < 2 || log.Lines[1].Act != petition.ActExport || log.Lines[1].Reason != "审计" || len(log.Lines[1].Numbers) != 3 {
		t.Errorf("the access log has %+v, %v", log.Lines, err)
	}
	if _, _, err := s.ExportPage(t.Context(), clerk, false, ""); petition.CodeOf(err) != petition.Forbidden {
		t.Errorf("an intake clerk exports: %v", err)
	}
	hasty := chief
	hasty.Reason = " "
	if _, _, err := s.ExportPage(t.Context(), hasty, false, ""); petition.CodeOf(err) != petition.Invalid {
		t.Errorf("without a reason: %v", err)
	}
}

// Each line has what the schema asks for and nothing that it does not know.
func TestTheSchemaFits(t *testing.T) {
	t.Parallel()
	all := files(t, write(t, filled(t), true))
	var schema struct {
		Properties map[string]json.RawMessage
		Required   []string
	}
	if err := json.Unmarshal([]byte(all["schema/case.schema.json"]), &schema); err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(all["cases-001.jsonl"]) {
		var c map[string]json.RawMessage
		if err := json.Unmarshal([]byte(line), &c); err != nil {
			t.Fatal(err)
		}
		for key := range c {
			if schema.Properties[key] == nil {
				t.Errorf("the schema lacks %s", key)
			}
		}
		for _, key := range schema.Required {
			if c[key] == nil {
				t.Errorf("a line lacks %s", key)
			}
		}
	}
	if len(schema.Required) == 0 {
		t.Error("the schema asks for nothing")
	}
}

// Files that are no archive are refused.
func TestFilesThatAreNoArchive(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "x.zip")
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	for _, data := range [][]byte{[]byte("nothing"), b.Bytes()} {
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := archive.Read(path, func(petition.Case) error { return nil }); petition.CodeOf(err) != petition.Invalid {
			t.Errorf("%v", err)
		}
	}
}
