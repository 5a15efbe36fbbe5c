package api

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
)

// Scope is what an API key may be used for.
type Scope string

const (
	Citizens Scope = "citizens" // act for people in a chat: file, look up, their moves, attachments, feed, forget
	Staff    Scope = "staff"    // act for officers: read, note and move cases
	Sealed   Scope = "sealed"   // with staff: the role of officers named for reports on misconduct
	Admin    Scope = "admin"    // everything

	Desk      Scope = "desk"      // with the others: run the office's chats, its people, groups and service notices
	Broadcast Scope = "broadcast" // send service notices to those who agreed, stop them, see how far they got

	Open311 Scope = "open311" // lodge through the Open311 interface, and nothing else

	OwnOfficers Scope = "own-officers" // with staff: its officers are its program's and not the roster's; not part of admin
)

// Scopes are all there are.
func Scopes() []Scope { return slices.Clone(scopes) }

var scopes = []Scope{Citizens, Staff, Sealed, Admin, Broadcast, Desk, Open311, OwnOfficers}

// Key is one API key as the server knows it: without the key.
type Key struct {
	Name   string // for the log
	Scopes []Scope
	Unit   string // acts for this unit only, "" = for any
	hash   []byte
}

// may reports whether the key has one of the scopes.
func (k Key) may(any ...Scope) bool {
	return slices.ContainsFunc(k.Scopes, func(s Scope) bool { return s == Admin || slices.Contains(any, s) })
}

// Keys are the keys an API takes.
type Keys []Key

// NewKey makes a key: what the caller sends, and the line that the server's setting
// DENGWEN_API_KEYS needs.
func NewKey(name string, may []Scope, unit string) (key, line string, err error) {
	raw := make([]byte, 32)
	if _, err := rand.Read(raw); err != nil {
		return "", "", fmt.Errorf("make API key: %w", err)
	}
	key = "dw_" + base64.RawURLEncoding.EncodeToString(raw)
	var list []string
	for _, s := range may {
		list = append(list, string(s))
	}
	line = strings.Join([]string{name, strings.Join(list, ","), unit, hex.EncodeToString(hashOf(key))}, ":")
	_, err = ParseKeys(line)
	return key, line, err
}

// ParseKeys reads one name:scopes:unit:hash a line, scopes joined by commas. Empty
// lines and those that begin with # are left out. An error names the line by number
// and never repeats it.
func ParseKeys(text string) (Keys, error) {
	var keys Keys
	for i, line := range strings.Split(text, "\n") {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		k, err := parseKey(line)
		if err != nil {
			return nil, fmt.Errorf("API key in line %d: %w", i+1, err)
		}
		if slices.ContainsFunc(keys, func(o Key) bool { return o.Name == k.Name }) {
			return nil, fmt.Errorf("API key in line %d: its name is used twice", i+1)
		}
		keys = append(keys, k)
	}
	return keys, nil
}

func parseKey(line string) (Key, error) {
	parts := strings.Split(line, ":")
	if len(parts) != 4 || parts[0] == "" || parts[1] == "" {
		return Key{}, fmt.Errorf("must be name:scopes:unit:hash, the unit may be empty")
	}
	k := Key{Name: parts[0], Unit: parts[2]}
	for _, s := range strings.Split(parts[1], ",") {
		if !slices.Contains(scopes, Scope(s)) {
			return Key{}, fmt.Errorf("scopes are citizens, staff, sealed, admin, broadcast, desk, open311, own-officers")
		}
		k.Scopes = append(k.Scopes, Scope(s))
	}
	if err := k.checkOwn(); err != nil {
		return Key{}, err
	}
	var err error
	if k.hash, err = hex.DecodeString(parts[3]); err != nil || len(k.hash) != sha256.Size {
		return Key{}, fmt.Errorf("its hash is not 64 hexadecimal digits")
	}
	return k, nil
}

// checkOwn refuses own officers where their ids could be taken for another key's, and to a bot
// process, whose officers are the roster's.
func (k Key) checkOwn() error {
	switch {
	case !slices.Contains(k.Scopes, OwnOfficers):
		return nil
	case slices.Contains(k.Scopes, Desk):
		return fmt.Errorf("the scopes own-officers and desk do not go together")
	case strings.Contains(k.Name, "/"):
		return fmt.Errorf("with the scope own-officers its name has no slash")
	}
	return nil
}

// hashOf needs no salt and no slowness: a key is 32 random bytes.
func hashOf(key string) []byte {
	sum := sha256.Sum256([]byte(key))
	return sum[:]
}

// Now is the keys, where they do not change: what Config asks for.
func (ks Keys) Now() Keys { return ks }

// Holder is the name of the key, where it is one for the whole office that has a scope.
func (ks Keys) Holder(key string, scope Scope) (name string, ok bool) {
	k, ok := ks.find(key)
	if !ok || k.Unit != "" || !k.may(scope) {
		return "", false
	}
	return k.Name, true
}

// find looks at every key, so that the time does not tell which one nearly fits.
func (ks Keys) find(key string) (found Key, ok bool) {
	hash := hashOf(key)
	for _, k := range ks {
		if subtle.ConstantTimeCompare(hash, k.hash) == 1 {
			found, ok = k, true
		}
	}
	return found, ok
}

// onceID makes an identifier of a caller's key, so that the same key means the same.
func onceID(caller, key string) string {
	sum := sha256.Sum256([]byte(caller + "\x00" + key))
	return hex.EncodeToString(sum[:16])
}
