package drill

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"dengwen/bot/turn"
	"dengwen/internal/office"
	"dengwen/internal/seal"
	"dengwen/internal/test/fakeapi"
	"dengwen/internal/test/faults"
	"dengwen/internal/test/servers"
	"dengwen/petition"
	"dengwen/storage/cases"
	"dengwen/storage/redis"
	"dengwen/storage/sqlite"
)

func TestMain(m *testing.M) { faults.Main(m) }

// stores are where a program keeps its data.
type stores struct {
	name    string
	servers bool // Redis and PostgreSQL, not the data folder
	folder  bool // the backup goes into a folder, attachments beside
}

func TestDrill(t *testing.T) {
	t.Parallel()
	for _, way := range []struct{ from, to stores }{
		{stores{name: "embedded"}, stores{name: "servers", servers: true}},
		{stores{name: "servers", servers: true, folder: true}, stores{name: "embedded"}},
	} {
		t.Run(way.from.name+" to "+way.to.name, func(t *testing.T) {
			t.Parallel()
			drill(t, way.from, way.to)
		})
	}
}

// life is one program with those who use it.
type life struct {
	t   *testing.T
	api *fakeapi.Server
	key string

	mu      sync.Mutex
	people  []*faults.Petitioner
	told    []string // numbers, in the order they were told
	stopped atomic.Bool
	home    sync.WaitGroup
	moves   atomic.Int64
}

func drill(t *testing.T, from, to stores) {
	l := &life{t: t}
	var err error
	if l.api, err = fakeapi.Start(fakeapi.Options{}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(l.api.Close)
	if l.key, err = seal.NewKey(); err != nil {
		t.Fatal(err)
	}
	original, at := l.program(from)
	if err := original.Start(); err != nil {
		t.Fatal(err)
	}
	l.gather(at)
	l.waitFor(2)
	dir := t.TempDir()
	name := dir
	if !from.folder {
		name = filepath.Join(dir, "drill.backup")
	}
	before := l.numbers()
	began := time.Now()
	if _, err := original.Run("backup", name); err != nil {
		t.Fatalf("backup: %v", err)
	}
	took := time.Since(began)
	l.waitFor(len(l.numbers())/len(l.people) + 1) // the original goes on
	l.stopped.Store(true)
	l.home.Wait()
	if err := original.Kill(); err != nil {
		t.Fatal(err)
	}
	after := l.numbers()
	files, err := filepath.Glob(filepath.Join(dir, "*.backup"))
	if err != nil || len(files) != 1 {
		t.Fatalf("backups: %v, %v", files, err)
	}
	l.markers(dir)

	restored, at := l.program(to)
	if out, err := restored.Run("restore", files[0]); err != nil {
		t.Fatalf("restore: %v\n%s", err, out)
	}
	if err := restored.Start(); err == nil {
		t.Fatal("the restored program starts before anybody said that the original is off")
	}
	if _, err := restored.Run("restore", "--original-is-off"); err != nil {
		t.Fatalf("release: %v", err)
	}
	if out, err := restored.Run("verify"); err != nil {
		t.Errorf("verify: %v\n%s", err, out)
	}
	there := l.record(at, before)
	known := l.known(at)
	for number := range known {
		if !there[number] {
			t.Errorf("a conversation knows %s, which is not on record", number)
		}
	}
	if len(known) == 0 {
		t.Error("no conversation knows a number")
	}
	if err := restored.Start(); err != nil {
		t.Fatal(err)
	}
	l.goOn(after)
	for last := int64(-1); l.api.Pending() > 0 || l.api.Counts().Calls != last; time.Sleep(2 * time.Second) { // all was sent
		last = l.api.Counts().Calls
	}
	if err := restored.Stop(); err != nil {
		t.Error(err)
	}
	left, err := faults.OpenRecord(t, at).Left(t.Context())
	if err != nil || left.Events+left.Rows+left.DeadLetters > 0 {
		t.Errorf("at the end %+v, %v", left, err)
	}
	t.Logf("%d petitions told before the backup, %d in it, %d told before the original died, %d moves; the backup took %v", len(before), len(there), len(after), l.moves.Load(), took.Round(time.Millisecond))
}

// program is one on fresh stores, with the key and the fake Bot API of all.
func (l *life) program(s stores) (*faults.Program, faults.Places) {
	p := faults.NewProgram(l.t, "DENGWEN_KEY="+l.key, "DENGWEN_FILINGS_PER_ADDRESS=0")
	at := faults.Places{Data: p.Data, Key: l.key}
	if s.servers {
		at.Redis, at.Database = servers.Redis(l.t), servers.Postgres(l.t)
	}
	p.Set("REDIS_URL="+at.Redis, "DATABASE_URL="+at.Database)
	p.Set(faults.Telegram(l.api, p.URL)...)
	return p, at
}

// gather lets citizens and an officer loose.
func (l *life) gather(at faults.Places) {
	for n := range faults.Size(l.t, "DENGWEN_DRILL_CITIZENS", 6) {
		p := faults.NewPetitioner(l.api, n+1)
		l.people = append(l.people, p)
		l.home.Go(func() {
			for !l.stopped.Load() {
				if err := l.lodge(p); err != nil {
					l.t.Errorf("citizen %d: %v", n+1, err)
					return
				}
			}
		})
	}
	l.home.Go(func() { l.officer(at) })
}

func (l *life) lodge(p *faults.Petitioner) error {
	if err := p.Lodge(l.t.Context()); err != nil {
		return err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.told = append(l.told, p.Numbers[len(p.Numbers)-1])
	return nil
}

func (l *life) numbers() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.told)
}

// waitFor waits until so many petitions a citizen were told, and for as long as the test is to take.
func (l *life) waitFor(each int) {
	time.Sleep(time.Duration(faults.Size(l.t, "DENGWEN_DRILL_SECONDS", 1)) * time.Second)
	for end := time.Now().Add(3 * time.Minute); len(l.numbers()) < each*len(l.people) && time.Now().Before(end); {
		time.Sleep(20 * time.Millisecond)
	}
}

// service is the case service on the stores of a program that runs.
func service(t *testing.T, at faults.Places) (*petition.Service, func() error) {
	t.Helper()
	box, err := seal.Open(at.Key)
	if err != nil {
		t.Fatal(err)
	}
	s, err := cases.Open(t.Context(), at.Database, at.Data, box)
	if err != nil {
		t.Fatal(err)
	}
	var n atomic.Int64
	id := func() string { return fmt.Sprintf("drill-%d-%d", time.Now().UnixNano(), n.Add(1)) }
	return petition.NewService(s, office.Example(), petition.DefaultCalendar(), box.Hash, time.Now, id, nil), s.Close
}

// officer notes and transfers whatever is told.
func (l *life) officer(at faults.Places) {
	s, done := service(l.t, at)
	defer func() { _ = done() }()
	me := petition.Actor{Staff: "drill", Unit: office.Example().Unit, Roles: []petition.Role{petition.Intake, petition.Supervisor}}
	for seen := 0; !l.stopped.Load(); {
		all := l.numbers()
		if seen == len(all) {
			time.Sleep(5 * time.Millisecond)
			continue
		}
		for _, m := range []petition.Move{
			{Name: petition.MoveNote, Text: "已电话联系过"}, {Name: petition.MoveTransfer, Unit: "transport"},
		} {
			if _, err := s.Do(context.WithoutCancel(l.t.Context()), me, all[seen], m); err != nil {
				l.t.Errorf("%s of %s: %v", m.Name, all[seen], err)
			}
			l.moves.Add(1)
		}
		seen++
	}
}

// record holds the restored case store against what citizens were told before the backup began,
// and answers the numbers that it has.
func (l *life) record(at faults.Places, before []string) map[string]bool {
	r := faults.OpenRecord(l.t, at)
	all, err := r.All(l.t.Context())
	if err != nil {
		l.t.Fatal(err)
	}
	feed, err := r.Feed(l.t.Context())
	if err != nil {
		l.t.Fatal(err)
	}
	noticed := map[string]int{}
	for _, n := range feed {
		noticed[n.Number]++
	}
	there := map[string]bool{}
	for _, c := range all {
		there[c.Case.Number] = true
		if noticed[c.Case.Number] == 0 {
			l.t.Errorf("%s is in the backup without a notice", c.Case.Number)
		}
		if int64(len(c.Case.Timeline)) < c.Case.Version {
			l.t.Errorf("%s has version %d and %d entries", c.Case.Number, c.Case.Version, len(c.Case.Timeline))
		}
	}
	for _, number := range before {
		if !there[number] {
			l.t.Errorf("%s was told before the backup and is not in it", number)
		}
	}
	return there
}

var number = regexp.MustCompile(`ZS\d\d-\d+-\w\w`)

// known are the numbers in all that the restored conversations hold.
func (l *life) known(at faults.Places) map[string]bool {
	box, err := seal.Open(at.Key)
	if err != nil {
		l.t.Fatal(err)
	}
	var s interface {
		EachBody(ctx context.Context, f func(at turn.Sealed, body []byte) []byte) error
		Close() error
	}
	if at.Redis != "" {
		s, err = redis.Open(l.t.Context(), at.Redis)
	} else {
		s, err = sqlite.Open(l.t.Context(), filepath.Join(at.Data, "conversations.db"))
	}
	if err != nil {
		l.t.Fatal(err)
	}
	defer s.Close()
	all := map[string]bool{}
	err = s.EachBody(l.t.Context(), func(at turn.Sealed, body []byte) []byte {
		for _, place := range at.Places() {
			plain, err := box.Open(body, place)
			if err != nil {
				l.t.Errorf("a %s of %s does not open: %v", at.Kind, at.Conv, err)
			}
			for _, n := range number.FindAllString(string(plain), -1) {
				all[n] = true
			}
		}
		return nil
	})
	if err != nil {
		l.t.Fatal(err)
	}
	return all
}

// goOn has everybody lodge once more: nobody is stuck in what they had said to the original, and no number
// is one that the original gave.
func (l *life) goOn(given []string) {
	var all sync.WaitGroup
	for n, p := range l.people {
		all.Go(func() {
			if err := errors.Join(p.BeginAnew(l.t.Context()), l.lodge(p)); err != nil {
				l.t.Errorf("citizen %d after the restore: %v", n+1, err)
			}
		})
	}
	all.Wait()
	fresh := l.numbers()[len(given):]
	if len(fresh) != len(l.people) {
		l.t.Errorf("%d petitions by %d citizens after the restore", len(fresh), len(l.people))
	}
	for _, number := range fresh {
		if slices.Contains(given, number) {
			l.t.Errorf("%s was given by the original and by the restored program", number)
		}
	}
}

// markers looks for what people said, their chats and numbers in everything that was written.
func (l *life) markers(dir string) {
	words := []string{"下梁镇", "已电话联系过", "tg:7", "7000000001", "transport"}
	words = append(words, l.numbers()[:3]...)
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		for _, w := range words {
			if bytes.Contains(b, []byte(w)) || strings.Contains(path, w) {
				l.t.Errorf("%s shows %q", filepath.Base(path), w)
			}
		}
		return err
	})
	if err != nil {
		l.t.Fatal(err)
	}
}
