/** Processes and commands of the system that the lab runs on. */
package io.github.godwit.lab.system;
