package main

import (
	"context"
	"fmt"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"sync/atomic"
	"time"

	"dengwen/bench/postgres"
	"dengwen/handlers/api"
	"dengwen/internal/demo"
	"dengwen/internal/office"
	"dengwen/internal/seal"
	"dengwen/petition"
	"dengwen/petition/roster"
	"dengwen/storage/cases"

	"github.com/google/uuid"
)

// caseServer is a case service behind its HTTP API.
type caseServer struct {
	office  *petition.Office
	store   *cases.Store
	service *petition.Service
	writer  *demo.Writer
	box     *seal.Box
	client  *api.Client
	server  *httptest.Server
	stop    func()
	pid     int    // of PostgreSQL, 0 without
	held    int    // cases filled in
	notes   string // file that says so
	lives   atomic.Int64
}

func openServer(ctx context.Context, engine, dir string) (*caseServer, error) {
	h := &caseServer{office: office.Example(), stop: func() {}}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, fmt.Errorf("make the folder of a store: %w", err)
	}
	url, err := h.database(ctx, engine, dir)
	if err != nil {
		return nil, err
	}
	if h.box, err = boxIn(dir); err != nil {
		return nil, err
	}
	h.notes = filepath.Join(dir, engine+".held")
	h.held = heldIn(h.notes)
	if h.store, err = cases.Open(ctx, url, filepath.Join(dir, engine), h.box); err != nil {
		return nil, err
	}
	if h.writer, err = demo.NewWriter(h.office, 11); err != nil {
		return nil, err
	}
	h.service = petition.NewService(h.store, h.office, petition.DefaultCalendar(), h.box.Hash, time.Now,
		func() string { return uuid.Must(uuid.NewV7()).String() }, nil)
	h.lives.Store(time.Now().Unix() % 1e6 * 1000) // not those of a run before: their rare words are taken
	return h, h.serve()
}

func (s *caseServer) database(ctx context.Context, engine, dir string) (url string, err error) {
	switch engine {
	case "sqlite":
		return "", nil
	case "postgres":
		url, s.pid, s.stop, err = postgres.Start(ctx, filepath.Join(dir, "postgres"))
		return url, err
	}
	return "", fmt.Errorf("no such engine: %q", engine)
}

// boxIn opens the folder's key, or makes one: a store that was filled before can be
// measured again.
func boxIn(dir string) (*seal.Box, error) {
	path := filepath.Join(dir, "key")
	text, err := os.ReadFile(path)
	if err == nil {
		return seal.Open(string(text))
	}
	key, err := seal.NewKey()
	if err != nil {
		return nil, err
	}
	if err := os.WriteFile(path, []byte(key), 0o600); err != nil {
		return nil, err
	}
	return seal.Open(key)
}

// heldIn is how many cases a run before noted that it had filled in.
func heldIn(path string) int {
	text, err := os.ReadFile(path)
	if err != nil {
		return 0
	}
	n, _ := strconv.Atoi(string(text))
	return n
}

func (s *caseServer) serve() error {
	key, line, err := api.NewKey("bench", []api.Scope{api.Admin}, "")
	if err != nil {
		return err
	}
	keys, err := api.ParseKeys(line)
	if err != nil {
		return err
	}
	if err := s.hire(); err != nil {
		return err
	}
	s.server = httptest.NewServer(api.New(api.Config{Cases: s.service, Office: s.office, Roster: s.store, Keys: keys.Now, PerKey: 1e6, PerCaller: 1e6}))
	s.client = api.NewClient(s.server.URL, key, nil)
	return nil
}

// hire puts those who live cases into the roster: a clerk, and an officer and a head of each unit.
func (s *caseServer) hire() error {
	people := []roster.Person{{ID: "s-clerk", Unit: s.office.Unit, Roles: []petition.Role{petition.Intake}}}
	for _, u := range s.office.AllUnits() {
		people = append(people, roster.Person{ID: "s-" + u.Code, Unit: u.Code, Roles: []petition.Role{petition.Officer}},
			roster.Person{ID: u.Code + "-signer", Unit: u.Code, Roles: []petition.Role{petition.Head}})
	}
	for _, p := range people {
		if err := s.store.PutPerson(context.Background(), p); err != nil {
			return err
		}
	}
	return nil
}

func (s *caseServer) close() {
	s.server.Close()
	_ = s.store.Close()
	s.stop()
}

// workers live cases while others are being written.
const workers = 256

// grow fills the store up to n cases and waits for the index of words.
func (s *caseServer) grow(ctx context.Context, n int) error {
	if n <= s.held {
		return s.indexed(ctx)
	}
	began := time.Now()
	f := demo.Filler{
		Store: s.store, Office: s.office, Calendar: petition.DefaultCalendar(), Hash: s.box.Hash, Now: began, Seed: 1, Workers: workers,
	}
	var done atomic.Int64
	if err := f.Fill(ctx, s.held, n-s.held, func() {
		if k := done.Add(1); k%50_000 == 0 {
			fmt.Fprintf(os.Stderr, "  filled %d in %v\n", k, time.Since(began).Round(time.Second))
		}
	}); err != nil {
		return err
	}
	s.held = n
	if err := os.WriteFile(s.notes, []byte(strconv.Itoa(n)), 0o600); err != nil {
		return err
	}
	filled := time.Since(began)
	fmt.Printf("  %d cases filled in %v\n", n, filled.Round(time.Second))
	return s.indexed(ctx)
}

// indexed waits until the words of all cases are in memory and says what that took.
func (s *caseServer) indexed(ctx context.Context) error {
	before, began := heap(), time.Now()
	if err := s.store.WaitIndexed(ctx); err != nil {
		return err
	}
	took := time.Since(began)
	fmt.Printf("  the words of %d cases read into memory in %v, %.1f MB\n", s.held, took.Round(time.Millisecond), float64(heap()-before)/1e6)
	return nil
}

// heap is how many bytes of memory are in use.
func heap() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}
