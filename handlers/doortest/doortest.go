// Package doortest is the suite that every door passes: conversations of citizens over the whole
// way, from what a person does in the door's network to what they are shown there. What a door can't
// do it declares, and is not asked. docs/doors.md says how a door is written against it.
package doortest

import (
	"context"
	"testing"
	"time"

	"dengwen/bot/turn"
	"dengwen/internal/seal"
	"dengwen/locales"
	"dengwen/petition"
	"dengwen/storage/sqlite"
)

// Capabilities are what a door and its network can do.
type Capabilities struct {
	Buttons   bool // buttons are pressed; else answered by number or words
	Edits     bool // a person can change what they wrote
	Files     bool // photos and recordings
	Documents bool // files of any kind
	Albums    bool // several files at once, each with a caption of its own
	Captions  bool // files come with words
	Locations bool
	Contacts  bool // a person can share their card
	Pictures  bool // the receipt is shown as a picture
	Pushes    bool // what is said without having been asked reaches the person
	Again     bool // the network delivers again what was not acknowledged, and what was
	Refuses   bool // the network may refuse a message
	Blocks    bool // a person can close their chat to us

	MaxIn  int           // longest text that a person can write at once, UTF-16 units; what is longer their client splits
	MaxOut int           // longest text of one message of ours, UTF-16 units
	Answer time.Duration // within which a delivery has to be acknowledged, 0 = no limit
}

// Parts are what a door is made of for one conversation.
type Parts struct {
	Cases   petition.Cases
	Store   *sqlite.Store // mailbox and sessions of browsers
	Box     *seal.Box
	Locales *locales.Catalog
	Now     func() time.Time
}

// Kit is a door with its network.
type Kit struct {
	Can  Capabilities
	Open func(t testing.TB, p Parts) Network
}

// Network is what lies between people and the program: the door as far as it sends, and a fake of
// everything behind it. It is used by one conversation.
type Network interface {
	// Doors are handed to the Runner, by the prefix of their addresses.
	Doors() map[string]turn.Door

	// Listen takes in what people do until ctx ends, and returns then. It is called again after the
	// program was started anew; what was not taken in is still to come, where the network keeps it.
	Listen(ctx context.Context, in turn.Inbox)

	// Person is who talks.
	Person() Person

	// Refuse has the network refuse the next messages to anybody, or to those in closed chats, until
	// mend is called. Never called without Capabilities.Refuses.
	Refuse(how Refusal) (mend func())

	// Slowest is the longest that the network had to wait for the acknowledgement of a delivery.
	Slowest() time.Duration
}

// Refusal is a way in which a message is not taken.
type Refusal int

// Refusals.
const (
	Broken  Refusal = iota // the network fails: 5xx
	Busy                   // too many: wait a second
	Closed                 // the person has closed the chat, or it is not found for a while
	Unknown                // this very message is refused, once
)

// Person is somebody in the network. An error ends the conversation's test.
type Person interface {
	Conv() string // address of the conversation
	Say(text string) error
	Press(button string) error // the newest button of these words, or its number where there are none to press
	Send(files ...File) error  // several are an album
	Locate(lat, lon float64) error
	Share(name, phone string) error
	Edit(text string) error // the newest text
	Repeat() error          // the network delivers again what this person did last
	Shown() []Message       // everything they were shown, oldest first
}

// File is a file that a person sends.
type File struct {
	Name    string
	Kind    string // photo, document, voice
	Caption string
	Body    []byte
}

// Message is one message of ours as a person sees it.
type Message struct {
	Text    string
	Buttons []string
	Picture bool
}

// Run holds the kit's door to every conversation that its capabilities allow.
func Run(t *testing.T, k Kit) {
	for _, c := range conversations {
		if !c.needs.within(k.Can) {
			continue
		}
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			w := open(t, k)
			c.hold(&talk{world: w, Person: w.net.Person()})
			if limit := k.Can.Answer; limit > 0 && w.net.Slowest() > limit {
				t.Errorf("the network waited %v for an acknowledgement, at most %v are allowed", w.net.Slowest(), limit)
			}
		})
	}
}

// within reports whether each capability that is needed is there.
func (n Capabilities) within(can Capabilities) bool {
	for _, x := range [][2]bool{
		{n.Buttons, can.Buttons}, {n.Edits, can.Edits}, {n.Files, can.Files}, {n.Documents, can.Documents}, {n.Albums, can.Albums}, {n.Captions, can.Captions}, {n.Locations, can.Locations},
		{n.Contacts, can.Contacts}, {n.Pictures, can.Pictures}, {n.Pushes, can.Pushes}, {n.Again, can.Again}, {n.Refuses, can.Refuses}, {n.Blocks, can.Blocks},
	} {
		if x[0] && !x[1] {
			return false
		}
	}
	return true
}
