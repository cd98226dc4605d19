/** What to change about a migration while it runs. */
package io.github.godwit.model.watch;
