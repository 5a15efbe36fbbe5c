package petition_test

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"dengwen/petition"
)

const authorisationFile = "../docs/authorisation.md"

// The page and the code say the same of who may do what. internal/test/authorisation reads the
// page and tries each cell of it.
func TestAuthorisationPage(t *testing.T) {
	t.Parallel()
	want := authorisationPage()
	if *update {
		if err := os.WriteFile(authorisationFile, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	have, err := os.ReadFile(authorisationFile)
	if err != nil {
		t.Fatal(err)
	}
	if string(have) != want {
		t.Error("docs/authorisation.md is not what the code says; read what changed: go test ./petition -run AuthorisationPage -update && git diff docs/authorisation.md")
	}
}

const authorisationHead = `# Who may do what

This page is written by a test from the roles (petition/roles.go) and the moves (petition/moves_table.go):
` + "`go test ./petition -run AuthorisationPage -update`" + `. A change of a permission is a change of this page. Each cell is tried, what is allowed and
what is not, through the service in process, the case API with a key of the unit, an officer's chat, an officer's web page and the desk:
` + "`go test ./internal/test/authorisation`" + `.

*Petitioner* is the chat that filed, *number and code* anybody who has both. The other columns say how the officer's unit stands to the case; a
unit that stands to it in two ways has the rights of both. The petition office is *office*; there the intake clerk has the rights of an officer
too, and the supervisor those of a head. Of those who see a case, whoever petitions themselves and whoever must stay out of it (Art 28) make no
move of the office. A role that is in no cell of a row may not do it; to whoever does not see a case it is not there. What the state of a case
asks for besides is in [the life of a case](case-life.md). A move with a paper stands
for those who may sign it and, where the unit approves its own (self_approval), make it at once; who else writes it as a draft, sends it back and signs
it depends on the draft (petition/draft.go) and is not in the tables. Neither is a leader, who sees a case while they lead it, notes its progress, keeps its plan and
its meetings, strikes it off or lets it go (*progress*, *plan*, *meeting*, *strike*, *unlead*), and has no other case and no report.

`

// stance is how a unit stands to a case, with a case and a unit that stand so.
type stance struct {
	name, unit string
	set        func(c *petition.Case)
}

func fact(key, unit string) func(*petition.Case) {
	return func(c *petition.Case) { c.Facts[key] = unit }
}

var stances = []stance{
	{"has it", "transport", func(c *petition.Case) {}},
	{"office", "petition", func(c *petition.Case) {}},
	{"office, has it", "petition", func(c *petition.Case) { c.Unit = "petition" }},
	{"office, sent it", "petition", fact("sender", "petition")},
	{"sent it", "water", fact("sender", "water")},
	{"answered before", "water", fact("handler", "water")},
	{"reviewed before", "water", fact("reviewer", "water")},
	{"decides whose it is", "county-gov", fact("dispute", "open")},
	{"duty office", "water", fact("duty_office", "water")},
	{"has a step to do", "water", func(c *petition.Case) {
		c.Facts["lead"], c.Plan = "somebody", []petition.PlanStep{{ID: 1, Unit: "water"}}
	}},
	{"none of these", "water", func(c *petition.Case) {}},
}

func authorisationPage() string {
	law := petition.NewLaw(example(), petition.DefaultCalendar())
	var b strings.Builder
	b.WriteString(authorisationHead)
	b.WriteString("## Roles\n\n| | given in | lodges for others | reads the access log | reads figures | sends service notices | reports disputes | works on disputes | takes tables over | exports, changes the office | keeps reception days |\n|---|---|---|---|---|---|---|---|---|---|---|\n")
	for _, r := range petition.Roles() {
		in := func(may func(petition.Actor) bool) string {
			var units []string
			for _, u := range [][2]string{{"petition", "office"}, {"transport", "other units"}, {"discipline", "units for reports"}} {
				if law.Office.CheckRole(r, u[0]) == nil && may(staff("x", u[0], r)) {
					units = append(units, u[1])
				}
			}
			return dash(strings.Join(units, ", "))
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s | %s | %s | %s | %s | %s | %s |\n", r, in(func(petition.Actor) bool { return true }), in(petition.Actor.MayFile), in(law.Office.MayReadLog), in(petition.Actor.Leads), in(law.Office.MayBroadcast), in(law.Office.ReportsDisputes), in(law.Office.WorksDisputes), in(law.MayImport), in(law.MayExport), in(law.Office.KeepsReception))
	}
	for _, c := range classWords {
		fmt.Fprintf(&b, "\n## %s\n\n%s", c.title, permissions(law, c.class))
	}
	return b.String()
}

// permissions is the table of one class: a row for each thing to do, a column for each stance.
func permissions(law *petition.Law, class petition.Class) string {
	head := []string{"", "petitioner", "number and code"}
	for _, s := range stances {
		head = append(head, s.name)
	}
	rows := [][]string{head, slices.Repeat([]string{"---"}, len(head)), permissionRow("look", class, func(c petition.Case, a petition.Actor) bool { return law.Sees(c, a) })}
	var names []petition.MoveName
	for _, s := range petition.Moves() {
		if s.Name.Drafts() || len(s.From) == 0 || s.Class != nil && !slices.Contains(s.Class, class) || slices.Contains(names, s.Name) {
			continue
		}
		names = append(names, s.Name)
		specs, _ := petition.SpecsOf(s.Name) // there is one: s
		rows = append(rows, permissionRow(string(s.Name), class, func(c petition.Case, a petition.Actor) bool {
			return slices.ContainsFunc(specs, func(s petition.MoveSpec) bool {
				return (s.Class == nil || slices.Contains(s.Class, class)) && law.May(s, c, a)
			})
		}))
	}
	var b strings.Builder
	for _, r := range rows {
		fmt.Fprintf(&b, "| %s |\n", strings.Join(r, " | "))
	}
	return b.String()
}

func permissionRow(name string, class petition.Class, may func(petition.Case, petition.Actor) bool) []string {
	made := func() petition.Case {
		return petition.Case{ID: "x", Unit: "transport", Facts: map[string]string{}, Filing: petition.Filing{Class: class, Owner: lin.Owner}}
	}
	row := []string{name}
	for _, who := range []petition.Actor{lin, stranger.Proved("x")} {
		row = append(row, map[bool]string{true: "yes", false: "–"}[may(made(), who)])
	}
	for _, s := range stances {
		c := made()
		s.set(&c)
		var who []string
		for _, r := range petition.Roles() {
			if may(c, staff("x", s.unit, r)) {
				who = append(who, string(r))
			}
		}
		row = append(row, dash(strings.Join(who, " ")))
	}
	return row
}
