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
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

type guesser struct {
	base, key, number, code string
	client                  http.Client
}

func main() {
	var g guesser
	flag.StringVar(&g.base, "at", "http://127.0.0.1:8080", "address of the program")
	flag.StringVar(&g.key, "key", "", "API key with the scope citizens")
	flag.StringVar(&g.number, "number", "", "number of a case that there is")
	flag.StringVar(&g.code, "code", "", "its query code")
	n := flag.Int("n", 100_000, "guesses at the API")
	pages := flag.Int("pages", 2_000, "guesses at the page, each in a browser of its own")
	timed := flag.Int("timed", 1500, "answers timed of each kind")
	at := flag.Int("at-once", 64, "guesses at once")
	flag.Parse()
	g.client = http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: *at}, Timeout: time.Minute}
	ctx := context.Background()
	if err := g.run(ctx, *n, *pages, *timed, *at); err != nil {
		log.Fatal(err)
	}
}

func (g *guesser) run(ctx context.Context, n, pages, timed, at int) error {
	if status, err := g.look(ctx, g.number, g.code, "owner"); err != nil || status != http.StatusOK {
		return fmt.Errorf("the owner with the right code: %d, %w", status, err)
	}
	t, wrongNumber, wrongCode, err := g.times(ctx, timed)
	if err != nil {
		return err
	}
	fmt.Printf("time of an answer, %d of each: wrong number %.3f ms, wrong code %.3f ms, t = %.2f\n", timed, wrongNumber, wrongCode, t)
	began := time.Now()
	counts, owner, err := g.guess(ctx, n, at)
	if err != nil {
		return err
	}
	fmt.Printf("API: %d guesses in %v: %v; the owner, from elsewhere every 1,000: %v\n", n, time.Since(began).Round(time.Second), counts, owner)
	began = time.Now()
	shown, refused, err := g.page(ctx, pages)
	if err != nil {
		return err
	}
	fmt.Printf("page: %d guesses in %v: %d shown, %d refused for their number\n", pages, time.Since(began).Round(time.Second), shown, refused)
	return nil
}

func (g *guesser) look(ctx context.Context, number, code, asker string) (int, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, g.base+"/v1/cases/"+number, nil)
	if err != nil {
		return 0, err
	}
	req.Header.Set("Authorization", "Bearer "+g.key)
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
	return string(b)
}

// times answers Welch's t of the two kinds, asked in turn, and their means in milliseconds.
func (g *guesser) times(ctx context.Context, n int) (t, a, b float64, err error) {
	var kinds [2][]float64
	for i := range 2 * n {
		number := g.number
		if i%2 == 0 {
			number = g.number[:5] + fmt.Sprintf("%04d", rand.IntN(10000)) + "-22"
		}
		began := time.Now()
		status, err := g.look(ctx, number, someCode(), fmt.Sprint("timed:", i))
		if err != nil || status != http.StatusNotFound {
			return 0, 0, 0, fmt.Errorf("a wrong look-up: %d, %w", status, err)
		}
		kinds[i%2] = append(kinds[i%2], time.Since(began).Seconds()*1000)
	}
	ma, va := moments(kinds[0])
	mb, vb := moments(kinds[1])
	return (ma - mb) / math.Sqrt(va/float64(n)+vb/float64(n)), ma, mb, nil
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
					own, _ = g.look(ctx, g.number, g.code, "owner")
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

// page guesses at the page, each time as a browser that was never seen; shown counts pages that
// hold the case.
func (g *guesser) page(ctx context.Context, n int) (shown, refused int, err error) {
	for range n {
		jar, _ := cookiejar.New(nil) // without options it never fails
		c := http.Client{Jar: jar, Timeout: time.Minute}
		status, body, err := get(ctx, &c, http.MethodGet, g.base+"/", nil)
		if err != nil {
			return shown, refused, err
		}
		m := csrf.FindStringSubmatch(body)
		if status == http.StatusTooManyRequests || m == nil {
			refused++
			continue
		}
		status, body, err = get(ctx, &c, http.MethodPost, g.base+"/say", url.Values{"csrf": {m[1]}, "lang": {"zh-CN"}, "number": {g.number}, "code": {someCode()}})
		if err != nil {
			return shown, refused, err
		}
		if status == http.StatusTooManyRequests || strings.Contains(body, "试错的次数太多") {
			refused++
		} else if strings.Contains(body, "经过：") {
			shown++
		}
	}
	return shown, refused, nil
}

func get(ctx context.Context, c *http.Client, method, at string, form url.Values) (int, string, error) {
	req, err := http.NewRequestWithContext(ctx, method, at, strings.NewReader(form.Encode()))
	if err != nil {
		return 0, "", err
	}
	if form != nil {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	res, err := c.Do(req)
	if err != nil {
		return 0, "", err
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	return res.StatusCode, string(b), err
}
