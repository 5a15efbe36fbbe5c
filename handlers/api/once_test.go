package api_test

import (
	"encoding/hex"
	"slices"
	"testing"

	"dengwen/handlers/api"
	"dengwen/internal/office"
	"dengwen/petition"
)

const (
	lamps  = `{"class":"claim","facts":"路灯坏了"}`
	bridge = `{"class":"claim","facts":"桥塌了"}`
	letter = `{"class":"claim","channel":"letter","facts":"路灯坏了"}`
)

func newOnceWorld(t *testing.T) *world {
	t.Helper()
	return newWorld(t, func(k *keyring) {
		k.add("bot", "", api.Citizens)
		k.add("site", "", api.Citizens)
		k.add("desk", "", api.Staff)
		k.add("road", "transport", api.Staff)
		k.add("water", "water", api.Staff)
	})
}

// One Idempotency-Key sent by several programs for several people is as many petitions,
// each with a number and a query code of its own; sent again by the same it is the same.
func TestIdempotencyKeyIsItsCallers(t *testing.T) {
	t.Parallel()
	w := newOnceWorld(t)
	clerk := officerOf(office.Example().Unit, "clerk", "intake")
	callers := []struct {
		key, body string
		headers   []string
	}{
		{"bot", lamps, []string{"Actor-Owner", "tg:1"}},
		{"bot", lamps, []string{"Actor-Owner", "tg:2"}},
		{"site", lamps, []string{"Actor-Owner", "tg:1"}},
		{"site", lamps, nil}, // without a chat
		{"desk", letter, clerk},
		{"desk", letter, officerOf(office.Example().Unit, "another", "intake")},
		{"road", letter, officerOf("transport", "clerk", "officer")},
		{"water", letter, officerOf("water", "clerk", "officer")},
	}
	numbers, codes := map[string]bool{}, map[string]bool{}
	var first []petition.Ticket
	for range 2 {
		for i, c := range callers {
			var k petition.Ticket
			w.ok(&k, c.key, "POST", "/v1/cases", c.body, withKey("2024-001", c.headers...)...)
			numbers[k.Number] = true
			if k.Code != "" { // what an officer wrote down has it on the receipt alone
				codes[k.Code] = true
			}
			if len(first) <= i {
				first = append(first, k)
			} else if k.Number != first[i].Number || k.Code != first[i].Code {
				t.Errorf("%s %v again: %s %s, first %s %s", c.key, c.headers, k.Number, k.Code, first[i].Number, first[i].Code)
			}
		}
	}
	if len(numbers) != len(callers) || len(codes) != 4 {
		t.Errorf("%d callers with one key hold %d petitions and %d codes", len(callers), len(numbers), len(codes))
	}
}

// The same key with other content is refused, and nothing is filed.
func TestIdempotencyKeyWithOtherContent(t *testing.T) {
	t.Parallel()
	w := newOnceWorld(t)
	for _, c := range []struct {
		key, body, other string
		headers          []string
	}{
		{"bot", lamps, bridge, []string{"Actor-Owner", "tg:1"}},
		{"site", lamps, bridge, []string{"Actor-Owner", "tg:1"}}, // under a key that another holds too
		{"road", letter, `{"class":"claim","channel":"visit","facts":"路灯坏了"}`, officerOf("transport", "x", "officer")},
	} {
		var k, again petition.Ticket
		w.ok(&k, c.key, "POST", "/v1/cases", c.body, withKey("k", c.headers...)...)
		w.refused(409, "file.key_reused", c.key, "POST", "/v1/cases", c.other, withKey("k", c.headers...)...)
		w.ok(&again, c.key, "POST", "/v1/cases", c.body, withKey("k", c.headers...)...)
		if again.Number != k.Number {
			t.Errorf("%s: after a refusal %s, first %s", c.key, again.Number, k.Number)
		}
	}
}

// A petition filed before callers were remembered is found again by whoever it belongs
// to, and its key is no way for anybody else.
func TestIdempotencyKeysOfBefore(t *testing.T) {
	t.Parallel()
	w := newOnceWorld(t)
	asBefore := func(number string) {
		r := w.record(number)
		r.Case.FiledBy, r.Case.FiledAs = "", ""
		if _, err := w.store.Save(t.Context(), r, nil); err != nil {
			t.Fatal(err)
		}
	}
	owner, clerk := []string{"Actor-Owner", "tg:1"}, officerOf(office.Example().Unit, "clerk", "intake")
	var k, again, others petition.Ticket
	w.ok(&k, "bot", "POST", "/v1/cases", lamps, withKey("old", owner...)...)
	asBefore(k.Number)
	w.ok(&again, "bot", "POST", "/v1/cases", lamps, withKey("old", owner...)...)
	if again.Number != k.Number || again.Code != k.Code {
		t.Errorf("across the upgrade: %s %s, first %s %s", again.Number, again.Code, k.Number, k.Code)
	}
	w.refused(409, "file.key_reused", "bot", "POST", "/v1/cases", bridge, withKey("old", owner...)...)
	w.ok(&others, "bot", "POST", "/v1/cases", lamps, withKey("old", "Actor-Owner", "tg:2")...)
	if others.Number == k.Number {
		t.Error("another chat was given the petition")
	}
	w.ok(&k, "desk", "POST", "/v1/cases", letter, withKey("letter", clerk...)...)
	asBefore(k.Number)
	w.ok(&again, "desk", "POST", "/v1/cases", letter, withKey("letter", clerk...)...)
	w.ok(&others, "road", "POST", "/v1/cases", letter, withKey("letter", officerOf("transport", "clerk", "officer")...)...)
	if again.Number != k.Number || others.Number == k.Number {
		t.Errorf("a letter across the upgrade: %s, for its clerk %s, for another unit %s", k.Number, again.Number, others.Number)
	}
}

// What was filed before its chat was forgotten is not filed again, and its ticket is
// nobody's.
func TestIdempotencyKeyAfterForget(t *testing.T) {
	t.Parallel()
	w := newOnceWorld(t)
	var k, other petition.Ticket
	w.ok(&k, "bot", "POST", "/v1/cases", lamps, withKey("k", "Actor-Owner", "tg:1")...)
	w.ok(nil, "bot", "POST", "/v1/forget", `{"owner":"tg:1"}`)
	w.refused(409, "file.key_taken", "bot", "POST", "/v1/cases", lamps, withKey("k", "Actor-Owner", "tg:1")...)
	w.ok(&other, "bot", "POST", "/v1/cases", lamps, withKey("k")...)
	if other.Number == k.Number {
		t.Error("a petition without a chat took over what was forgotten")
	}
}

// A move's key is its caller's too, with the same answers.
func TestIdempotencyKeyOfAMove(t *testing.T) {
	t.Parallel()
	w := newOnceWorld(t)
	c := w.lodge("tg:1", "ROAD", petition.Claim, "transport")
	path := "/v1/cases/" + c.Number + "/moves"
	said := func() (n int) {
		for _, e := range w.record(c.Number).Case.Timeline {
			if e.Move == petition.MoveSupplement || e.Move == petition.MoveNote {
				n++
			}
		}
		return n
	}
	add, note := `{"name":"supplement","text":"还有一盏"}`, `{"name":"note","text":"看过现场"}`
	for n, caller := range []struct {
		key, body string
		headers   []string
	}{
		{"bot", add, []string{"Actor-Owner", "tg:1"}},
		{"site", add, []string{"Actor-Owner", "tg:1"}},
		{"road", note, officerOf("transport", "x", "officer")},
		{"desk", note, officerOf("transport", "x", "officer")},
		{"desk", note, officerOf("transport", "y", "officer")},
	} {
		for range 2 {
			w.ok(nil, caller.key, "POST", path, caller.body, withKey("m", caller.headers...)...)
		}
		if said() != n+1 {
			t.Errorf("%s %v: %d entries, want %d", caller.key, caller.headers, said(), n+1)
		}
		w.refused(409, "move.key_reused", caller.key, "POST", path, `{"name":"supplement","text":"别的"}`, withKey("m", caller.headers...)...)
	}
	r := w.record(c.Number)
	r.Keys = append(slices.Clone(r.Keys), hex.EncodeToString(w.hash("move", "before")[:16])) // as it was kept before callers were
	if _, err := w.store.Save(t.Context(), r, nil); err != nil {
		t.Fatal(err)
	}
	before := said()
	w.ok(nil, "bot", "POST", path, add, withKey("before", "Actor-Owner", "tg:1")...)
	if said() != before {
		t.Error("a move of before the upgrade was made twice")
	}
}

// A service notice is its caller's by the same rule.
func TestIdempotencyKeyOfAServiceNotice(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(k *keyring) { k.add("one", "", api.Broadcast); k.add("two", "", api.Broadcast) })
	var a, again, b struct{ ID string }
	w.ok(&a, "one", "POST", "/v1/broadcasts", `{"text":"周六接待"}`, withKey("k")...)
	w.ok(&again, "one", "POST", "/v1/broadcasts", `{"text":"周六接待"}`, withKey("k")...)
	w.refused(409, "broadcast.key_reused", "one", "POST", "/v1/broadcasts", `{"text":"周日接待"}`, withKey("k")...)
	status, text := w.call("two", "POST", "/v1/broadcasts", `{"text":"周六接待"}`, withKey("k")...)
	if a.ID != again.ID || status == 201 && b.ID == a.ID {
		t.Errorf("%s, again %s; another caller: %d %s", a.ID, again.ID, status, text)
	}
}
