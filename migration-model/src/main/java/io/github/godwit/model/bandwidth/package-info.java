/** How much bandwidth a migration gets beside other traffic. */
package io.github.godwit.model.bandwidth;
