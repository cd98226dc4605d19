/** Quantities with units, versions, and the checks of arguments that all packages share. */
package io.github.godwit.model.unit;
