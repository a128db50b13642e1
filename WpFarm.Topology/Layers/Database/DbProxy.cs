namespace WpFarm.Topology.Layers.Database;

internal static class DbProxy
{
    // Used by the application layer; keep these names.
    public const string Writer = "db-writer";
    public const int WriterPort = 3306;
    public const string Reader = "db-reader";
    public const int ReaderPort = 3307;
}
