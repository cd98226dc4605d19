/** What any package of the host driver may use: the refusal of a request, and periodic tasks. */
package io.github.godwit.host.common;
