export { startCluster, type Cluster, type ClusterOptions, type ClusterServices } from './cluster.ts';
export type { ClusterServer, ServerCommand } from './cluster-server.ts';
