package cli

import (
	"log/slog"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"dengwen/handlers/api"
	"dengwen/petition"
)

// With the cases elsewhere every tool either works over the case API or says in one
// sentence where to run it and what is missing.
func TestToolsWithTheCasesElsewhere(t *testing.T) {
	t.Parallel()
	_, citizens, err := api.NewKey("web", []api.Scope{api.Citizens}, "")
	if err != nil {
		t.Fatal(err)
	}
	keys, err := api.ParseKeys(citizens)
	if err != nil {
		t.Fatal(err)
	}
	there := httptest.NewServer(api.New(api.Config{Keys: keys.Now, Office: &petition.Office{}, Log: slog.New(slog.DiscardHandler)}))
	defer there.Close()
	gone := httptest.NewServer(nil)
	gone.Close()
	for _, c := range []struct {
		url, want string
		args      []string
	}{
		{there.URL, "请到那台机器上运行", []string{"notice", "--number", "ZS26-0001-KN", "--list"}},
		{there.URL, "请到那台机器上运行", []string{"report", "--week"}},
		{there.URL, "请到那台机器上运行", []string{"report", "--year"}},
		{there.URL, "请到那台机器上运行", []string{"demo", "--cases", "3"}},
		{there.URL, "不认识 CASE_API_KEY", []string{"staff", "list"}},
		{there.URL, "也可以到那台机器上运行这条命令", []string{"broadcast", "--status"}},
		{gone.URL, "现在连不上", []string{"staff", "list"}},
		{gone.URL, "现在连不上", []string{"staff", "invite", "--unit", "petition", "--role", "intake"}},
		{gone.URL, "现在连不上", []string{"staff", "revoke", "x"}},
		{gone.URL, "现在连不上", []string{"broadcast", "--list"}},
	} {
		var out, errs strings.Builder
		settings := filepath.Join(t.TempDir(), "settings.yaml")
		if err := os.WriteFile(settings, []byte("case-api-key: dw_unknown\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		args := append(c.args, "--case-api-url", c.url, "--config", settings, "--data-dir", t.TempDir())
		err := run(t.Context(), args, streams{strings.NewReader(""), &out, &errs})
		if err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), "CASE_API_URL="+c.url) || strings.Contains(err.Error(), "api.") {
			t.Errorf("%v: %v", c.args, err)
		}
		if out.Len()+errs.Len() > 0 {
			t.Errorf("%v says besides: %s%s", c.args, out.String(), errs.String())
		}
	}
}
