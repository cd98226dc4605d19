/** How much bandwidth to reserve for a migration. */
package io.github.godwit.model.reserve;
