// Package scrub tells what a file is by its bytes and takes out of it what device and
// program wrote into it: place, time, owner, author. It reads bytes in memory and knows
// neither cases nor stores.
package scrub

import "dengwen/petition"

// Formats are the formats the case service takes.
func Formats() petition.Scrub { return petition.Scrub{Sniff: Sniff, Cleans: Cleans, Clean: Clean} }
