package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"
)

// pages are what is measured: a name and an address; N is a case's number, and words are looked for by
// the form of the list.
var pages = [][2]string{
	{"today", "/desk/"}, {"list", "/desk/cases"}, {"open", "/desk/cases?open=1"}, {"status+unit", "/desk/cases?status=registered&unit=petition"},
	{"channel+days", "/desk/cases?channel=web&from=2026-01-01&to=2026-12-31&order=new"}, {"word", words}, {"case", "/desk/cases/N"},
}

const words = "路灯"

// pause is how long an officer looks at a page before the next press, in the mean.
const pause = 2 * time.Second

// officer is somebody who is in.
type officer struct {
	client *http.Client
	base   string
	number string // of a case
}

func (o *officer) get(path string) ([]byte, error) {
	ask := func() (*http.Response, error) {
		return o.client.Get(o.base + strings.Replace(path, "/N", "/"+o.number, 1))
	}
	if path == words {
		ask = func() (*http.Response, error) {
			return o.client.PostForm(o.base+"/desk/cases", url.Values{"words": {words}})
		}
	}
	r, err := ask()
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

// results are the times from asking to the last byte, by page, and what a page weighs.
type results struct {
	took map[string][]time.Duration
	size map[string]int
}

func newResults() results {
	return results{took: map[string][]time.Duration{}, size: map[string]int{}}
}

func (r results) ask(o *officer, page [2]string, mu *sync.Mutex) error {
	began := time.Now()
	text, err := o.get(page[1])
	took := time.Since(began)
	mu.Lock()
	defer mu.Unlock()
	r.took[page[0]], r.size[page[0]] = append(r.took[page[0]], took), len(text)
	return err
}

// print says the median and the 95th of a hundred of each page, and of all.
func (r results) print() {
	fmt.Printf("%-14s %8s %8s %8s %8s\n", "page", "n", "p50 ms", "p95 ms", "KB")
	var all []time.Duration
	for _, p := range pages {
		all = append(all, r.took[p[0]]...)
		line(p[0], r.took[p[0]], float64(r.size[p[0]])/1024)
	}
	line("all", all, 0)
}

func line(name string, took []time.Duration, kb float64) {
	if len(took) == 0 {
		return
	}
	slices.Sort(took)
	ms := func(i int) float64 { return float64(took[min(i, len(took)-1)].Microseconds()) / 1000 }
	fmt.Printf("%-14s %8d %8.1f %8.1f %8.1f\n", name, len(took), ms(len(took)/2), ms(len(took)*95/100), kb)
}

// alone asks for each page so many times, one after the other.
func alone(o *officer, rounds int) error {
	r, mu := newResults(), new(sync.Mutex)
	for range rounds {
		for _, p := range pages {
			if err := r.ask(o, p, mu); err != nil {
				return err
			}
		}
	}
	fmt.Println("\none page at a time")
	r.print()
	return nil
}

// crowd has every officer ask for a page drawn at random, then pause.
func crowd(ctx context.Context, all []*officer, length time.Duration) (results, error) {
	ctx, cancel := context.WithTimeout(ctx, length)
	defer cancel()
	r, mu := newResults(), new(sync.Mutex)
	var wait sync.WaitGroup
	failed := make([]error, len(all))
	for i, o := range all {
		wait.Go(func() {
			for {
				select {
				case <-ctx.Done():
					return
				case <-time.After(time.Duration(rand.Float64() * 2 * float64(pause))):
				}
				if failed[i] = r.ask(o, pages[rand.IntN(len(pages))], mu); failed[i] != nil {
					return
				}
			}
		})
	}
	wait.Wait()
	return r, errors.Join(failed...)
}
