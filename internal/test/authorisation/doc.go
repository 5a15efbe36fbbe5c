// Package authorisation holds no program, only a test: every cell of docs/authorisation.md is
// tried through the service in process, the case API, an officer's chat, an officer's page and the desk.
package authorisation
