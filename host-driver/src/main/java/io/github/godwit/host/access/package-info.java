/** Who may call this host driver, and by what it identifies itself to others. */
package io.github.godwit.host.access;
