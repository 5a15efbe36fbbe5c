package cases_test

import (
	"bytes"
	"encoding/json"
	"os/exec"
	"strings"
	"testing"
	"time"

	"dengwen/petition"
)

// checkProof runs the program in docs/examples, which shares no code with ours.
func checkProof(t *testing.T, key string, p petition.Proof, mark ...string) (string, error) {
	t.Helper()
	in, err := json.Marshal(p)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), "node", append([]string{"../../docs/examples/check-proof.mjs", key}, mark...)...)
	cmd.Stdin = bytes.NewReader(in)
	out, err := cmd.CombinedOutput()
	return strings.TrimSpace(string(out)), err
}

func TestProofsAreCheckedByAnotherProgram(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("needs Node, which a short run leaves out")
	}
	s := open(t, "", t.TempDir(), newBox(t))
	if _, err := s.Prove(t.Context(), "ZS26-0001-KN", false); petition.CodeOf(err) != petition.NotFound {
		t.Errorf("before there is a checkpoint: %v", err)
	}
	var all []petition.Record
	for range 11 { // sizes that are no powers of two have levels without a sibling
		all = append(all, create(t, s, "路"))
	}
	all[4] = grown(t, s, all[4], petition.MoveNote)
	noted(t, s, all[2].Case.Number)
	checkpointed(t, s, began)
	late := create(t, s, "晚")
	if _, err := s.Prove(t.Context(), late.Case.Number, false); petition.CodeOf(err) != petition.NotFound {
		t.Errorf("filed after the checkpoint: %v", err)
	}
	key, err := s.Checkpoints(t.Context(), 0, 10)
	if err != nil || len(key.Notes) != 1 || key.Notes[0].Size != 13 {
		t.Fatalf("checkpoints: %+v, %v", key, err)
	}
	for _, r := range all {
		p, err := s.Prove(t.Context(), r.Case.Number, false)
		if err != nil {
			t.Fatal(err)
		}
		if out, err := checkProof(t, key.Key, p); err != nil || !strings.HasPrefix(out, "proved: version") {
			t.Errorf("%s: %s, %v", r.Case.Number, out, err)
		}
	}
	p, err := s.Prove(t.Context(), all[4].Case.Number, false)
	if err != nil || p.Version != 2 || p.Before == "" {
		t.Fatalf("the newest version: %+v, %v", p, err)
	}
	for i, r := range all {
		first, err := s.Prove(t.Context(), r.Case.Number, true)
		if err != nil || first.Version != 1 || first.Before != "" || petition.Mark(key.Key, first.Head()) != r.Mark {
			t.Fatalf("the first entry of %s: %+v, %v; the receipt has %q", r.Case.Number, first, err, r.Mark)
		}
		if out, err := checkProof(t, key.Key, first, r.Mark); err != nil {
			t.Errorf("%s with its mark: %s, %v", r.Case.Number, out, err)
		}
		if out, err := checkProof(t, key.Key, first, all[(i+1)%len(all)].Mark); err == nil {
			t.Errorf("%s with the mark of another: %s", r.Case.Number, out)
		}
	}
	for what, forge := range map[string]func(p *petition.Proof){
		"another number":        func(p *petition.Proof) { p.Number = all[5].Case.Number },
		"another version":       func(p *petition.Proof) { p.Version = 1 },
		"another content":       func(p *petition.Proof) { p.Content = strings.Repeat("0", 64) },
		"another position":      func(p *petition.Proof) { p.Position-- },
		"a hash left out":       func(p *petition.Proof) { p.Hashes = p.Hashes[1:] },
		"an edited checkpoint":  func(p *petition.Proof) { p.Checkpoint = strings.Replace(p.Checkpoint, "13", "12", 1) },
		"a signature elsewhere": func(p *petition.Proof) { p.Checkpoint = otherCheckpoint(t) },
	} {
		forged := p
		forged.Hashes = append([]string{}, p.Hashes...)
		forge(&forged)
		if out, err := checkProof(t, key.Key, forged); err == nil {
			t.Errorf("%s: %s", what, out)
		}
	}
}

func otherCheckpoint(t *testing.T) string {
	t.Helper()
	s := open(t, "", t.TempDir(), newBox(t))
	create(t, s, "另一件")
	return checkpointed(t, s, began.Add(time.Hour))
}

// The same filing again answers what its receipt had, whatever became of the case.
func TestMarkStays(t *testing.T) {
	t.Parallel()
	engines(t, func(t *testing.T, url, dir string) {
		s := open(t, url, dir, newBox(t))
		file := func() petition.Record {
			r, _, err := s.Create(t.Context(), "key", 2026, func(serial int) (petition.Record, []petition.Notice, error) { return record(serial, "路"), nil, nil })
			if err != nil {
				t.Fatal(err)
			}
			return r
		}
		first := file()
		grown(t, s, first, petition.MoveNote)
		again := file()
		if mark, ok := petition.ParseMark(strings.ToLower(strings.ReplaceAll(first.Mark, "-", " "))); !ok || mark != first.Mark || again.Mark != first.Mark {
			t.Errorf("marks %q and %q, read %q", first.Mark, again.Mark, mark)
		}
	})
}
