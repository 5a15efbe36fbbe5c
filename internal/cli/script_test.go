package cli

import (
	"context"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) {
	if filepath.Base(os.Args[0]) != "dengwen" { // the tests in this process; a script says what it speaks
		for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
			os.Unsetenv(name)
		}
	}
	testscript.Main(m, map[string]func(){"dengwen": Main})
}

// The scripts are the commands as somebody types them, each in a folder of its own.
func TestScripts(t *testing.T) {
	t.Parallel()
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Setup: func(e *testscript.Env) error {
			e.Setenv("HOME", e.WorkDir)
			l, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				return err
			}
			e.Setenv("DENGWEN_ADDR", l.Addr().String()) // where nobody answers: commands look whether a program does
			return l.Close()
		},
		Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){"take": take},
	})
}

// take VAR FILE REGEXP puts the first group of the first match into a variable.
func take(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: take VAR FILE REGEXP")
	}
	m := regexp.MustCompile(args[2]).FindStringSubmatch(ts.ReadFile(args[1]))
	if len(m) < 2 {
		ts.Fatalf("%s does not hold %s", args[1], args[2])
	}
	ts.Setenv(args[0], m[1])
}

func TestUnknownCommandIsSaidInWords(t *testing.T) {
	t.Parallel()
	var out, errs strings.Builder
	err := run(context.Background(), []string{"complain"}, streams{os.Stdin, &out, &errs})
	if err == nil || !strings.Contains(err.Error(), "complain") {
		t.Errorf("an unknown command: %v", err)
	}
	if strings.Contains(fmt.Sprint(err), "panic") {
		t.Error(err)
	}
}
