/** The refusal of a request, which any package of the host driver may throw. */
package io.github.godwit.host.common;
