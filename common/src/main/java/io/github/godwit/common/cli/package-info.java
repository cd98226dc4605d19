/** Options that several programs have. */
package io.github.godwit.common.cli;
