// Command desk measures the pages of the desk in a browser's place: it fills a folder, starts the program
// and asks for each page, one at a time and by many officers at once.
package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"
)

// pages are what is measured: a name and an address; N is a case's number.
var pages = [][2]string{
	{"today", "/desk/"}, {"list", "/desk/cases"}, {"open", "/desk/cases?open=1"}, {"status+unit", "/desk/cases?status=registered&unit=petition"},
	{"channel+days", "/desk/cases?channel=web&from=2026-01-01&to=2026-12-31&order=new"}, {"word", "/desk/cases?words=%E8%B7%AF%E7%81%AF"}, {"case", "/desk/cases/N"},
}

func main() {
	program := flag.String("program", "bench/out/dengwen", "the program")
	cases := flag.Int("cases", 2000, "cases to fill")
	rounds := flag.Int("rounds", 20, "times each page is asked for")
	officers := flag.Int("officers", 50, "officers at once")
	database := flag.String("database", "", "postgres://…, an empty database; none = SQLite")
	flag.Parse()
	if err := run(*program, *database, *cases, *rounds, *officers); err != nil {
		fmt.Fprintln(os.Stderr, "bench/desk:", err)
		os.Exit(1)
	}
}

func run(program, database string, cases, rounds, officers int) (err error) {
	dir, err := os.MkdirTemp("", "dengwen-desk-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	address := l.Addr().String()
	if err := l.Close(); err != nil {
		return err
	}
	env := append(os.Environ(), "DENGWEN_DATA="+dir, "DENGWEN_ADDR="+address)
	if database != "" {
		env = append(env, "DATABASE_URL="+database, "DENGWEN_KEY_FILE="+filepath.Join(dir, "dengwen.key"))
	}
	command := func(args ...string) *exec.Cmd {
		c := exec.Command(program, append(args, "--data-dir", dir)...)
		c.Env, c.Stderr = env, os.Stderr
		return c
	}
	began := time.Now()
	if err := command("demo", "--cases", fmt.Sprint(cases)).Run(); err != nil {
		return fmt.Errorf("fill: %w", err)
	}
	fmt.Printf("%d cases in %v\n", cases, time.Since(began).Round(time.Second))
	var links []string
	for i := range max(officers, 1) {
		out, err := command("staff", "add", "--name", fmt.Sprintf("officer %d", i), "--unit", "petition", "--role", "intake").Output()
		if err != nil {
			return fmt.Errorf("take on an officer: %w", err)
		}
		links = append(links, strings.TrimSpace(strings.SplitN(string(out), "\n", 2)[0]))
	}
	serve := command("serve")
	if err := serve.Start(); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, serve.Process.Kill()); _ = serve.Wait() }()
	if err := ready("http://" + address + "/readyz"); err != nil {
		return err
	}
	var all []*officer
	for _, link := range links {
		o, err := enter(link, address)
		if err != nil {
			return err
		}
		all = append(all, o)
	}
	if err := measure("one at a time", all[:1], rounds); err != nil {
		return err
	}
	if err := measure(fmt.Sprintf("%d officers at once", len(all)), all, max(rounds/5, 2)); err != nil {
		return err
	}
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", serve.Process.Pid))
	if err == nil {
		fmt.Println(string(regexp.MustCompile(`VmHWM:.*`).Find(status)))
	}
	return nil
}

func ready(address string) error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	for ctx.Err() == nil {
		r, err := http.Get(address)
		if err == nil {
			_ = r.Body.Close()
			if r.StatusCode == http.StatusOK {
				return nil
			}
		}
		time.Sleep(100 * time.Millisecond)
	}
	return fmt.Errorf("the program is not ready: %w", ctx.Err())
}

// officer is somebody who is in.
type officer struct {
	client *http.Client
	base   string
	number string // of a case
}

var number = regexp.MustCompile(`/desk/cases/([A-Z]{2}\d{2}-\d+-[A-Z0-9]{2})`)

func enter(link, address string) (*officer, error) {
	u, err := url.Parse(link)
	if err != nil {
		return nil, err
	}
	jar, err := cookiejar.New(nil)
	if err != nil {
		return nil, err
	}
	o := &officer{client: &http.Client{Jar: jar}, base: "http://" + address}
	for tries := 0; ; tries++ { // the way in admits a few at once from one address
		r, err := o.client.Post(o.base+u.Path, "application/x-www-form-urlencoded", nil)
		if err != nil {
			return nil, err
		}
		_ = r.Body.Close()
		if r.StatusCode == http.StatusOK {
			break
		}
		if r.StatusCode != http.StatusTooManyRequests || tries == 60 {
			return nil, fmt.Errorf("not let in: %s", r.Status)
		}
		time.Sleep(time.Second)
	}
	page, err := o.get("/desk/cases")
	if err != nil {
		return nil, err
	}
	if m := number.FindSubmatch(page); m != nil {
		o.number = string(m[1])
	}
	return o, nil
}

func (o *officer) get(path string) ([]byte, error) {
	r, err := o.client.Get(o.base + strings.Replace(path, "/N", "/"+o.number, 1))
	if err != nil {
		return nil, err
	}
	defer r.Body.Close()
	var b bytes.Buffer
	if _, err := io.Copy(&b, r.Body); err != nil {
		return nil, err
	}
	if r.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s: %s", path, r.Status)
	}
	return b.Bytes(), nil
}

// measure has every officer ask for each page some times, and prints the median and the 95th of a
// hundred, to the last byte.
func measure(title string, all []*officer, rounds int) error {
	fmt.Printf("\n%s\n%-14s %8s %8s %8s\n", title, "page", "p50 ms", "p95 ms", "KB")
	for _, p := range pages {
		var mu sync.Mutex
		var took []time.Duration
		var failed error
		var wait sync.WaitGroup
		size := 0
		for _, o := range all {
			wait.Go(func() {
				for range rounds {
					began := time.Now()
					page, err := o.get(p[1])
					mu.Lock()
					took, failed, size = append(took, time.Since(began)), errors.Join(failed, err), len(page)
					mu.Unlock()
				}
			})
		}
		wait.Wait()
		if failed != nil {
			return failed
		}
		slices.Sort(took)
		ms := func(i int) float64 { return float64(took[min(i, len(took)-1)].Microseconds()) / 1000 }
		fmt.Printf("%-14s %8.1f %8.1f %8.1f\n", p[0], ms(len(took)/2), ms(len(took)*95/100), float64(size)/1024)
	}
	return nil
}
