// Package days plays what people do at the desk in a day, each role from its own way in, on the program's own
// demonstration and in a real browser (Playwright drives Chromium). A life is one claim on its way through seven
// people's hands. On every page: axe finds nothing, nothing jumps, nothing is wider than its screen, and no page weighs
// more than 100 KB; a first visit asks for three things beside pictures.
package days
