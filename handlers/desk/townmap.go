package desk

import (
	"cmp"
	"fmt"
	"math"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"dengwen/petition"
)

// townMap is the county by town, shaded by how many cases came from each.
type townMap struct {
	Width, Height int
	Tiles         bool // a scheme: a square for each town, about where it lies
	Towns         []townShape
}

// townShape is a town on the map.
type townShape struct {
	Name, Title, Href string
	N                 int
	Tone              int    // 0 none, 1 few … 4 most
	Points            string // of its outline
	X, Y              int    // of its name's middle
}

// Sides of the map and of a tile, in units of the picture.
const (
	mapWidth = 560
	tile     = 84
)

// mapOf draws the places of the figures: by the outlines of the office's data where each place has one,
// else a scheme by their points. nil where fewer than two places have a point.
func (p *figuresPage) mapOf() *townMap {
	counts, most := map[string]int{}, 0
	for _, s := range p.O.Places {
		for _, n := range s.Counts {
			counts[s.Code] += n
		}
	}
	var towns []petition.Locality
	outlined := true
	for _, l := range p.N.Office.Places {
		if l.Lat != 0 || len(l.Area) > 0 {
			towns, outlined, most = append(towns, l), outlined && len(l.Area) > 0, max(most, counts[l.Code])
		}
	}
	if len(towns) < 2 || len(p.O.Months) == 0 {
		return nil
	}
	m := &townMap{Width: mapWidth, Tiles: !outlined}
	if outlined {
		m.outlines(towns)
	} else {
		m.tiles(towns)
	}
	in := petition.Span{From: p.O.Months[0].From, To: p.O.Months[len(p.O.Months)-1].To}
	for i, l := range towns {
		t := &m.Towns[i]
		t.Name, t.N = l.NameIn(p.N.Lang), counts[l.Code]
		t.Title = t.Name + " · " + strconv.Itoa(t.N)
		if t.N > 0 {
			t.Tone = 1 + 3*t.N/max(most, 1)
			t.Href = received(url.Values{"place": {l.Code}}, in)
		}
	}
	return m
}

// outlines draws areas as they lie: a degree of longitude is shorter than one of latitude.
func (m *townMap) outlines(towns []petition.Locality) {
	west, east, south, north := math.Inf(1), math.Inf(-1), math.Inf(1), math.Inf(-1)
	for _, l := range towns {
		for _, at := range l.Area {
			west, east, south, north = min(west, at[0]), max(east, at[0]), min(south, at[1]), max(north, at[1])
		}
	}
	shrink := math.Cos((south + north) / 2 * math.Pi / 180)
	scale := mapWidth / max((east-west)*shrink, 1e-6)
	m.Height = int(math.Ceil((north - south) * scale))
	for _, l := range towns {
		var points []string
		x, y := 0.0, 0.0
		for _, at := range l.Area {
			px, py := (at[0]-west)*shrink*scale, (north-at[1])*scale
			points = append(points, fmt.Sprintf("%.1f,%.1f", px, py))
			x, y = x+px, y+py
		}
		n := float64(len(l.Area))
		m.Towns = append(m.Towns, townShape{Points: strings.Join(points, " "), X: int(x / n), Y: int(y / n)})
	}
}

// tiles gives each town a square of a grid, the free one nearest to where it lies.
func (m *townMap) tiles(towns []petition.Locality) {
	side := int(math.Ceil(math.Sqrt(float64(len(towns))))) + 1
	west, east, south, north := math.Inf(1), math.Inf(-1), math.Inf(1), math.Inf(-1)
	for _, l := range towns {
		west, east, south, north = min(west, l.Lon), max(east, l.Lon), min(south, l.Lat), max(north, l.Lat)
	}
	order := make([]int, len(towns))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(towns[b].Lat, towns[a].Lat) })
	taken := map[[2]int]bool{}
	m.Towns = make([]townShape, len(towns))
	rows := 0
	for _, i := range order {
		l := towns[i]
		x := (l.Lon - west) / max(east-west, 1e-6) * float64(side-1)
		y := (north - l.Lat) / max(north-south, 1e-6) * float64(side-1)
		best, far := [2]int{}, math.Inf(1)
		for c := range side {
			for r := range side {
				if d := math.Hypot(float64(c)-x, float64(r)-y); d < far && !taken[[2]int{c, r}] {
					best, far = [2]int{c, r}, d
				}
			}
		}
		taken[best] = true
		rows = max(rows, best[1]+1)
		left, top := best[0]*tile, best[1]*tile
		m.Towns[i] = townShape{X: left + tile/2, Y: top + tile/2, Points: fmt.Sprintf("%d,%d %d,%d %d,%d %d,%d", left+2, top+2, left+tile-2, top+2, left+tile-2, top+tile-2, left+2, top+tile-2)}
	}
	m.Width, m.Height = side*tile, rows*tile
}
