package replicas

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"dengwen/handlers/api"
	"dengwen/internal/seal"
	"dengwen/internal/test/fakeapi"
	"dengwen/internal/test/faults"
	"dengwen/internal/test/servers"
	"dengwen/petition"
)

// Three processes with a key file of their own each, as on three machines: a rotation waits until
// the new key has been copied to all, twice, and none of them ever meets what it can't open.
func TestKeyIsCopiedToEveryMachine(t *testing.T) {
	t.Parallel()
	api, err := fakeapi.Start(fakeapi.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(api.Close)
	at := places(t)
	front := newBalancer(t)
	replicas := launch(t, front, api, at)
	var files []string
	for _, p := range replicas { // with DENGWEN_KEY nothing could be changed
		if err := p.Stop(); err != nil {
			t.Fatal(err)
		}
		file := filepath.Join(t.TempDir(), "keys")
		if err := os.WriteFile(file, []byte(at.Key), 0o600); err != nil {
			t.Fatal(err)
		}
		files = append(files, file)
		p.Set("DENGWEN_KEY=", "DENGWEN_KEY_FILE="+file)
		if err := p.Start(); err != nil {
			t.Fatal(err)
		}
	}
	crowd := faults.Gather(t, api, 20)
	rotateAndCopy(t, replicas[0], files)
	crowd.Home()
	old := firstKey(t, files[0])
	for _, args := range [][]string{{"verify"}, {"key", "retire", old}} {
		if out, err := replicas[0].Command(args...).CombinedOutput(); err != nil {
			t.Errorf("%v: %v\n%s", args, err, out)
		}
	}
	for i, p := range replicas {
		if err := p.Stop(); err != nil {
			t.Error(err)
		}
		if log := p.Log(); strings.Contains(log, "does not open") || strings.Contains(log, "not in the key file") || strings.Contains(log, "dead letter") {
			t.Errorf("process %d could not open something: %s", i+1, p.Tail())
		}
	}
	text, err := os.ReadFile(files[0])
	if err != nil {
		t.Fatal(err)
	}
	at.Key = string(text)
	t.Log(crowd.Check(at))
}

// rotateAndCopy rotates the key of a process, whose file is the first, and copies the file to the
// others each time that the command waits for them.
func rotateAndCopy(t *testing.T, p *faults.Program, files []string) {
	t.Helper()
	rotate, said := p.Command("key", "rotate"), &printed{}
	rotate.Stdout, rotate.Stderr = said, said
	if err := rotate.Start(); err != nil {
		t.Fatal(err)
	}
	copied := func() {
		text, err := os.ReadFile(files[0])
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files[1:] {
			if err := os.WriteFile(f, text, 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	said.await(t, fmt.Sprintf("还等 %d 个进程", len(files)-1))
	if text, err := os.ReadFile(files[0]); err != nil || !strings.Contains(string(text), " next ") {
		t.Errorf("the new key seals before the others have it: %v", err)
	}
	copied()
	for end := time.Now().Add(time.Minute); ; time.Sleep(20 * time.Millisecond) { // what is said looks the same before and after
		text, err := os.ReadFile(files[0])
		if err == nil && !strings.Contains(string(text), " next ") {
			break
		}
		if time.Now().After(end) {
			t.Fatalf("the new key does not seal a minute after it was copied: %v\n%s", err, said)
		}
	}
	if strings.Contains(said.String(), "重新封存") {
		t.Error("sealing anew began before every process seals with the new key")
	}
	copied()
	if err := rotate.Wait(); err != nil {
		t.Fatalf("rotate: %v\n%s", err, said)
	}
}

// Two processes with one PostgreSQL, conversations in a data folder each and key files of their own:
// a rotation waits until both have the new key, and both open what either sealed.
func TestKeyIsCopiedWithoutRedis(t *testing.T) {
	t.Parallel()
	at := faults.Places{Database: servers.Postgres(t)}
	var err error
	if at.Key, err = seal.NewKey(); err != nil {
		t.Fatal(err)
	}
	apiKey, line, err := api.NewKey("trial", []api.Scope{api.Citizens}, "")
	if err != nil {
		t.Fatal(err)
	}
	var pair []*faults.Program
	var files []string
	for range 2 {
		file := filepath.Join(t.TempDir(), "keys")
		if err := os.WriteFile(file, []byte(at.Key), 0o600); err != nil {
			t.Fatal(err)
		}
		p := faults.NewProgram(t, "DENGWEN_KEY_FILE="+file, "DATABASE_URL="+at.Database, "DENGWEN_API_KEYS="+line)
		if err := p.Start(); err != nil {
			t.Fatal(err)
		}
		pair, files = append(pair, p), append(files, file)
	}
	filed := func(p *faults.Program, once string) petition.Ticket {
		ticket, err := api.NewClient(p.URL, apiKey, nil).File(t.Context(), petition.Actor{Owner: "tg:1"}, petition.Filing{Key: once, Class: petition.Claim, Facts: "三组的路一下雨就塌，请来修"})
		if err != nil {
			t.Fatal(err)
		}
		return ticket
	}
	before := filed(pair[1], "before")
	rotateAndCopy(t, pair[0], files)
	for i, ticket := range []petition.Ticket{before, filed(pair[0], "first"), filed(pair[1], "second")} {
		for j, p := range pair {
			if _, err := api.NewClient(p.URL, apiKey, nil).Look(t.Context(), petition.Actor{Owner: "tg:1"}, ticket.Number, ticket.Code); err != nil {
				t.Errorf("process %d does not open petition %d: %v", j+1, i+1, err)
			}
		}
	}
	if out, err := pair[0].Command("key", "retire", firstKey(t, files[0])).CombinedOutput(); err != nil {
		t.Errorf("retire: %v\n%s", err, out)
	}
	if err := pair[1].Stop(); err != nil { // it leaves, and nobody waits for it
		t.Error(err)
	}
	if out, err := pair[0].Command("key", "rotate", "--fresh").CombinedOutput(); err != nil {
		t.Errorf("rotate alone: %v\n%s", err, out)
	}
}

func firstKey(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return regexp.MustCompile(`(?m)^[0-9a-f]{8}`).FindString(string(text))
}

// printed is what a command has said so far.
type printed struct {
	mu   sync.Mutex
	said bytes.Buffer
}

func (w *printed) Write(b []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.said.Write(b)
}

func (w *printed) String() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.said.String()
}

func (w *printed) await(t *testing.T, pattern string) {
	t.Helper()
	is := regexp.MustCompile(pattern)
	for end := time.Now().Add(time.Minute); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		if is.MatchString(w.String()) {
			return
		}
	}
	t.Fatalf("never said %s, but: %s", pattern, w)
}
