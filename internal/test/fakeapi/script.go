package fakeapi

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"regexp"
	"strings"
)

// Script is a conversation citizens walk through, step by step.
type Script struct {
	Name  string `json:"name"`
	Steps []Step `json:"steps"`
}

// Step is one thing a citizen does and the answer they wait for. {{n}} is the
// number of the dialogue; the named groups of an earlier Expect are variables too.
type Step struct {
	Send   *Send  `json:"send,omitempty"`
	Press  string `json:"press,omitempty"` // regexp over the text or data of a button
	Expect string `json:"expect"`          // regexp over what the bot says

	press, expect *regexp.Regexp // nil where variables make them differ
}

// Send is a message of a citizen; exactly one of its kinds is set.
type Send struct {
	Text     string      `json:"text,omitempty"`
	Photo    string      `json:"photo,omitempty"` // file id
	Caption  string      `json:"caption,omitempty"`
	Location *[2]float64 `json:"location,omitempty"` // degrees north, east
	Phone    string      `json:"phone,omitempty"`    // shares the own card
}

// LoadScript reads a script from a JSON file.
func LoadScript(path string) (*Script, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("load script: %w", err)
	}
	s := &Script{}
	if err := json.Unmarshal(text, s); err != nil {
		return nil, fmt.Errorf("load script %s: %w", path, err)
	}
	for i := range s.Steps {
		if err := s.Steps[i].compile(); err != nil {
			return nil, fmt.Errorf("script %s, step %d: %w", path, i+1, err)
		}
	}
	return s, nil
}

func (st *Step) compile() (err error) {
	if (st.Send == nil) == (st.Press == "") {
		return errors.New("needs exactly one of send and press")
	}
	if !strings.Contains(st.Press, "{{") {
		if st.press, err = regexp.Compile(st.Press); err != nil {
			return err
		}
	}
	if !strings.Contains(st.Expect, "{{") {
		st.expect, err = regexp.Compile(st.Expect)
	}
	return err
}

// vars are what a dialogue knows.
type vars map[string]string

func (v vars) fill(s string) string { return v.replace(s, func(x string) string { return x }) }

func (v vars) replace(s string, quote func(string) string) string {
	if !strings.Contains(s, "{{") {
		return s
	}
	for name, value := range v {
		s = strings.ReplaceAll(s, "{{"+name+"}}", quote(value))
	}
	return s
}

func (v vars) pattern(fixed *regexp.Regexp, s string) (*regexp.Regexp, error) {
	if fixed != nil {
		return fixed, nil
	}
	return regexp.Compile(v.replace(s, regexp.QuoteMeta))
}

func (v vars) learn(re *regexp.Regexp, text string) {
	names := re.SubexpNames()
	if len(names) == 1 {
		return
	}
	for i, value := range re.FindStringSubmatch(text) {
		if names[i] != "" {
			v[names[i]] = value
		}
	}
}

// act does a step's part of the citizen.
func (c *Citizen) act(st *Step, v vars) error {
	if st.Send == nil {
		re, err := v.pattern(st.press, st.Press)
		if err == nil {
			_, err = c.press(re)
		}
		return err
	}
	switch s := st.Send; {
	case s.Photo != "":
		c.Photo(v.fill(s.Photo), v.fill(s.Caption), "")
	case s.Location != nil:
		c.Locate(s.Location[0], s.Location[1])
	case s.Phone != "":
		c.Share("周", v.fill(s.Phone))
	default:
		c.Say(v.fill(s.Text))
	}
	return nil
}
