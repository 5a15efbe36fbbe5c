package roster

import (
	"context"
	"strings"

	"dengwen/petition"
)

// Named are the people who work here whose names stand in a text behind an @, each once; of names
// that begin alike the longest counts. Everybody of a name is meant who has it.
func (s *Service) Named(ctx context.Context, text string) ([]petition.Actor, error) {
	if !strings.Contains(text, "@") {
		return nil, nil
	}
	people, err := s.People(ctx, "")
	if err != nil {
		return nil, petition.Wrap(err, "read the office's people")
	}
	seen := map[string]bool{}
	var all []petition.Actor
	for _, rest := range strings.Split(text, "@")[1:] {
		longest := ""
		for _, p := range people {
			if p.Active() && len(p.Name) > len(longest) && strings.HasPrefix(rest, p.Name) {
				longest = p.Name
			}
		}
		for _, p := range people {
			if longest != "" && p.Name == longest && p.Active() && !seen[p.ID] {
				seen[p.ID] = true
				a := p.Actor()
				a.Owner = p.Chat
				all = append(all, a)
			}
		}
	}
	return all, nil
}
