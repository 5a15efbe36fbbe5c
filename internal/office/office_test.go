package office_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"dengwen/internal/office"
	"dengwen/petition"
)

func TestExampleIsWhole(t *testing.T) {
	t.Parallel()
	o, warnings, err := office.Load("")
	if err != nil {
		t.Fatal(err)
	}
	if len(o.Places) != 9 || o.Code != "611026" || o.Phone != "" {
		t.Errorf("%d places, code %s, phone %q; want 8 towns and a subdistrict and no invented phone", len(o.Places), o.Code, o.Phone)
	}
	said := strings.Builder{}
	for _, w := range warnings {
		said.WriteString(string(w) + "\n")
	}
	for _, want := range []string{"example", "phone", "check: true"} {
		if !strings.Contains(said.String(), want) {
			t.Errorf("no warning about %s in %s", want, said.String())
		}
	}
	if u := o.Route(petition.Claim, "transport.roads", "611026102"); u != "transport" {
		t.Errorf("a road goes to %s", u)
	}
	if u := o.Route(petition.Claim, "farming.village", "611026102"); u != "xialiang" {
		t.Errorf("a village's affairs go to %s, want the town", u)
	}
	if u := o.Route(petition.Report, "transport.roads", ""); u != o.SealedUnit {
		t.Errorf("a report goes to %s", u)
	}
	if u := o.Route(petition.Claim, "", ""); u != o.Unit {
		t.Errorf("an unknown matter goes to %s", u)
	}
}

// Every kind of slip is named, all in one go.
func TestFaultsAreJoined(t *testing.T) {
	t.Parallel()
	text := strings.NewReplacer(
		"prefix: ZS", "prefix: z1",
		"sealed_unit: discipline", "sealed_unit: nobody",
		`open: "08:00"`, `open: "8 Uhr"`,
		"parent: labour, name: 工伤", "parent: work, name: 工伤",
		"{category: construction, unit: housing}", "{category: construct, unit: housing}",
		"unit: xialiang, lat: 33.605", "unit: gone, lat: 133.605",
		"max_file_mb: 20", "max_file_mb: 50",
	).Replace(string(office.Example()))
	path := filepath.Join(t.TempDir(), "office.yaml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	_, _, err := office.Load(path)
	if err == nil {
		t.Fatal("seven faults were accepted")
	}
	for _, want := range []string{"prefix", "nobody", "8 Uhr", "under work", "no category construct", "no unit gone", "nowhere on earth", "max_file_mb"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("the faults do not name %q:\n%v", want, err)
		}
	}
}

func TestUnknownFieldIsNamed(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "office.yaml")
	if err := os.WriteFile(path, append(office.Example(), "fone: 123\n"...), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, _, err := office.Load(path); err == nil || !strings.Contains(err.Error(), "fone") {
		t.Errorf("an unknown field: %v", err)
	}
	if _, _, err := office.Load(filepath.Join(t.TempDir(), "none.yaml")); err == nil {
		t.Error("a missing file was accepted")
	}
}
