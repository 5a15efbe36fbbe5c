// Package deploy holds no program, only tests of what whoever runs the program relies
// on: Dockerfile, compose file and README say what the program does, it is ready when
// it says so, and it ends orderly when asked.
package deploy
