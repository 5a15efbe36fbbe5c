// Command guess guesses query codes at the case API and at the web page of a program that it is
// told the address of, and measures whether a wrong number can be told from a wrong code by the
// time that the answer takes.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"log"
	"math"
	"math/rand/v2"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"dengwen/petition"
)

type guesser struct {
	base, key, owner, number, code string
	client                         http.Client
}

func main() {
	var g guesser
	flag.StringVar(&g.base, "at", "http://127.0.0.1:8080", "address of the program")
	flag.StringVar(&g.key, "key", "", "API key with the scope citizens")
	flag.StringVar(&g.owner, "owner-key", "", "another such key, of the program that the owner asks through (the same)")
	flag.StringVar(&g.number, "number", "", "number of a case that there is")
	flag.StringVar(&g.code, "code", "", "its query code")
	n := flag.Int("n", 100_000, "guesses at the API")
	pages := flag.Int("pages", 100_000, "guesses at the page, four in a browser, from as many addresses as that takes")
	timed := flag.Int("timed", 1500, "answers timed of each kind")
	pageTimed := flag.Int("pages-timed", 1000, "answers of the page timed of each kind")
	at := flag.Int("at-once", 64, "guesses at once")
	flag.Parse()
	if g.owner == "" {
		g.owner = g.key
	}
	g.client = http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: *at}, Timeout: time.Minute}
	ctx := context.Background()
	if err := g.run(ctx, *n, *pages, *timed, *pageTimed, *at); err != nil {
		log.Fatal(err)
	}
}

func (g *guesser) run(ctx context.Context, n, pages, timed, pageTimed, at int) error {
	if status, err := g.look(ctx, g.number, g.code, "owner"); err != nil || status != http.StatusOK {
		return fmt.Errorf("the owner with the right code: %d, %w", status, err)
	}
	for _, kind := range []struct {
		where string
		n     int
		ask   asker
	}{{"API", timed, g.askAPI}, {"page", pageTimed, g.askPage}} {
		if kind.n < 2 {
			continue
		}
		t, wrongNumber, wrongCode, err := g.times(ctx, kind.n, kind.ask)
		if err != nil {
			return err
		}
		fmt.Printf("%s: time of an answer, %d of each: wrong number %.3f ms, wrong code %.3f ms, t = %.2f\n", kind.where, kind.n, wrongNumber, wrongCode, t)
	}
	began := time.Now()
	counts, owner, err := g.guess(ctx, n, at)
	if err != nil {
		return err
	}
	fmt.Printf("API: %d guesses in %v: %v; the owner, with a key of their own program, every 1,000: %v\n", n, time.Since(began).Round(time.Second), counts, owner)
	began = time.Now()
	p, err := g.pages(ctx, pages, at)
	if err != nil {
		return err
	}
	fmt.Printf("page: %d guesses from %d addresses in %v: %d shown, %d told that nothing fits, %d told to wait; the owner, at an address of their own, was shown the case %d times of %d\n",
		p.guesses.Load(), p.addresses.Load(), time.Since(began).Round(time.Second), p.shown.Load(), p.wrong.Load(), p.wait.Load(), p.owner.Load(), p.ownerAsked.Load())
	return nil
}

func (g *guesser) look(ctx context.Context, number, code, asker string) (int, error) {
	return g.lookWith(ctx, g.key, number, code, asker)
}

func (g *guesser) lookWith(ctx context.Context, key, number, code, asker string) (int, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, g.base+"/v1/cases/"+number, nil)
	if err != nil {
		return 0, err
	}
	req.Header.Set("Authorization", "Bearer "+key)
	req.Header.Set("Query-Code", code)
	req.Header.Set("Actor-Asker", asker)
	res, err := g.client.Do(req)
	if err != nil {
		return 0, err
	}
	defer res.Body.Close()
	_, err = io.Copy(io.Discard, res.Body)
	return res.StatusCode, err
}

const letters = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"

func someCode() string {
	b := make([]byte, 8)
	for i := range b {
		b[i] = letters[rand.IntN(len(letters))]
	}
	return string(b[:4]) + "-" + string(b[4:])
}

// asker looks a number and a wrong code up once, as somebody new, and answers when it knows.
type asker func(ctx context.Context, i int, number string) (time.Duration, error)

func (g *guesser) askAPI(ctx context.Context, i int, number string) (time.Duration, error) {
	began := time.Now()
	status, err := g.look(ctx, number, someCode(), fmt.Sprint("timed:", i))
	if err == nil && status != http.StatusNotFound {
		err = fmt.Errorf("a wrong look-up: %d", status)
	}
	return time.Since(began), err
}

// askPage asks as a browser without JavaScript, which waits for the answer.
func (g *guesser) askPage(ctx context.Context, i int, number string) (time.Duration, error) {
	v, err := g.visit(ctx, i)
	if err != nil {
		return 0, err
	}
	began := time.Now()
	body, err := v.say(ctx, number, someCode())
	if err == nil && !strings.Contains(body, nothingFits) {
		err = fmt.Errorf("a wrong look-up at the page: %.300q", body)
	}
	return time.Since(began), err
}

// times answers Welch's t of the two kinds, asked in turn, and their means in milliseconds.
func (g *guesser) times(ctx context.Context, n int, ask asker) (t, a, b float64, err error) {
	var kinds [2][]float64
	for i := range 2 * n {
		number := g.number
		if i%2 == 0 {
			number = g.wrongNumber()
		}
		took, err := ask(ctx, i, number)
		if err != nil {
			return 0, 0, 0, err
		}
		kinds[i%2] = append(kinds[i%2], took.Seconds()*1000)
	}
	ma, va := moments(kinds[0])
	mb, vb := moments(kinds[1])
	return (ma - mb) / math.Sqrt(va/float64(n)+vb/float64(n)), ma, mb, nil
}

// wrongNumber is well formed and, mostly, no case's.
func (g *guesser) wrongNumber() string {
	year, _ := strconv.Atoi(g.number[2:4]) // of a number that there is
	return petition.FormatNumber(g.number[:2], 2000+year, rand.IntN(1_000_000))
}

func moments(x []float64) (mean, variance float64) {
	for _, v := range x {
		mean += v / float64(len(x))
	}
	for _, v := range x {
		variance += (v - mean) * (v - mean) / float64(len(x)-1)
	}
	return mean, variance
}

// guess counts the answers to wrong codes by status, and those to the owner, who asks in between.
func (g *guesser) guess(ctx context.Context, n, at int) (counts, owner map[int]int, err error) {
	counts, owner = map[int]int{}, map[int]int{}
	var mu sync.Mutex
	var next atomic.Int64
	var fault atomic.Pointer[error]
	var wg sync.WaitGroup
	for range at {
		wg.Go(func() {
			for i := next.Add(1); i <= int64(n) && fault.Load() == nil; i = next.Add(1) {
				status, err := g.look(ctx, g.number, someCode(), fmt.Sprint("guess:", i/4))
				if err != nil {
					fault.Store(&err)
					return
				}
				own := 0
				if i%1000 == 0 {
					own, _ = g.lookWith(ctx, g.owner, g.number, g.code, "owner")
				}
				mu.Lock()
				counts[status]++
				if own != 0 {
					owner[own]++
				}
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	if p := fault.Load(); p != nil {
		err = *p
	}
	return counts, owner, err
}

var csrf = regexp.MustCompile(`name="csrf" value="([0-9a-f]+)"`)

// What the page says, in its own language.
const (
	nothingFits = "对不上"
	waitFirst   = "试错的次数太多"
	history     = "经过："
)

// visitor is a browser without JavaScript, from a network address of its own: the program
// believes a neighbour on this machine what X-Forwarded-For says.
type visitor struct {
	c    http.Client
	at   string
	base string
	csrf string
}

func (g *guesser) visit(ctx context.Context, i int) (*visitor, error) {
	jar, _ := cookiejar.New(nil) // without options it never fails
	v := &visitor{base: g.base, at: fmt.Sprintf("10.%d.%d.%d", i>>16&255, i>>8&255, i&255), c: http.Client{Jar: jar, Timeout: time.Minute, Transport: g.client.Transport}}
	body, err := v.get(ctx, http.MethodGet, "/", nil)
	if err != nil {
		return nil, err
	}
	m := csrf.FindStringSubmatch(body)
	if m == nil {
		return nil, fmt.Errorf("the page has no form: %.300q", body)
	}
	v.csrf = m[1]
	return v, nil
}

// say looks a number up and answers what the page shows then.
func (v *visitor) say(ctx context.Context, number, code string) (string, error) {
	return v.get(ctx, http.MethodPost, "/say", url.Values{"csrf": {v.csrf}, "lang": {"zh-CN"}, "number": {number}, "code": {code}})
}

func (v *visitor) get(ctx context.Context, method, path string, form url.Values) (string, error) {
	req, err := http.NewRequestWithContext(ctx, method, v.base+path, strings.NewReader(form.Encode()))
	if err != nil {
		return "", err
	}
	req.Header.Set("X-Forwarded-For", v.at)
	if form != nil {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	res, err := v.c.Do(req)
	if err != nil {
		return "", err
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	return string(b), err
}

// pageCounts are what the page showed to those who guess, and to the owner in between.
type pageCounts struct{ guesses, addresses, shown, wrong, wait, owner, ownerAsked atomic.Int64 }

// pages guesses at the page: four guesses in a browser, each browser from another address. The
// owner looks the case up every 200 guesses.
func (g *guesser) pages(ctx context.Context, n, at int) (*pageCounts, error) {
	p := &pageCounts{}
	var fault atomic.Pointer[error]
	var wg sync.WaitGroup
	for range at {
		wg.Go(func() {
			for p.guesses.Load() < int64(n) && fault.Load() == nil {
				if err := g.browse(ctx, p); err != nil {
					fault.Store(&err)
				}
			}
		})
	}
	wg.Wait()
	if f := fault.Load(); f != nil {
		return p, *f
	}
	return p, nil
}

func (g *guesser) browse(ctx context.Context, p *pageCounts) error {
	v, err := g.visit(ctx, int(p.addresses.Add(1)))
	if err != nil {
		return err
	}
	for range 4 {
		body, err := v.say(ctx, g.number, someCode())
		if err != nil {
			return err
		}
		switch {
		case strings.Contains(body, history):
			p.shown.Add(1)
		case strings.Contains(body, waitFirst):
			p.wait.Add(1)
		case strings.Contains(body, nothingFits):
			p.wrong.Add(1)
		}
		if p.guesses.Add(1)%200 != 0 {
			continue
		}
		if err := g.ownerLooks(ctx, p); err != nil {
			return err
		}
	}
	return nil
}

// ownerLooks asks from the one address that the owner has, in a browser as it is after a restart.
func (g *guesser) ownerLooks(ctx context.Context, p *pageCounts) error {
	v, err := g.visit(ctx, 1<<24-1)
	if err != nil {
		return err
	}
	p.ownerAsked.Add(1)
	body, err := v.say(ctx, g.number, g.code)
	if strings.Contains(body, history) {
		p.owner.Add(1)
	}
	return err
}
