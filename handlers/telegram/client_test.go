package telegram

import (
	"errors"
	"net/http"
	"net/url"
	"testing"

	"dengwen/bot"
	"dengwen/internal/test/fakeapi"
)

// Behind a proxy, and where nobody can say whether there is one, net/http takes all
// calls.
func TestProxiesAreLeftToTheStandardClient(t *testing.T) {
	t.Parallel()
	by := func(u *url.URL, err error) func(*http.Request) (*url.URL, error) {
		return func(*http.Request) (*url.URL, error) { return u, err }
	}
	if newFastClient("https://api.telegram.org", by(nil, nil)) == nil {
		t.Error("no quick client without a proxy")
	}
	if newFastClient("https://api.telegram.org", by(&url.URL{Scheme: "socks5", Host: "127.0.0.1:1080"}, nil)) != nil ||
		newFastClient("https://api.telegram.org", by(nil, errors.New("odd"))) != nil {
		t.Error("a proxy was passed by")
	}
}

func TestSendingTheSlowWay(t *testing.T) {
	t.Parallel()
	s := api(t, fakeapi.Options{})
	s.Chat(7)
	d, _ := door(t, s, newInbox(), nil)
	d.fastClient = nil
	for _, say := range []bot.Say{{Text: "x"}, {Text: "x", Receipt: &bot.Receipt{}}} {
		if err := d.Send(t.Context(), "tg:7", "k", say); err != nil {
			t.Error(err)
		}
	}
	if got := s.Chat(7).Messages(); len(got) != 2 {
		t.Errorf("%d of 2 messages arrived", len(got))
	}
}
