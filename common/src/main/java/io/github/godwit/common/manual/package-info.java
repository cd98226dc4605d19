/** Manual pages and completion for bash, made from the command lines of the programs. */
package io.github.godwit.common.manual;
