/**
 * What the traffic of a VM says about its workload, how much bandwidth its applications are to keep during a migration, and a short
 * forecast of rates.
 */
package io.github.godwit.model.traffic;
