using WpFarm.Deployment.Publishing;
using WpFarm.Deployment.Reporting;

namespace WpFarm.Tests.Deployment.Publishing;

public sealed class PublishedFolderTests : IDisposable
{
    private readonly string _path = Directory.CreateTempSubdirectory("wpfarm-published-").FullName;

    private PublishedFolder Folder => new(_path);

    public void Dispose() => Directory.Delete(_path, recursive: true);

    [Fact]
    public void Publishing_twice_changes_nothing()
    {
        Assert.Equal(2, Folder.Write([new("a.yaml", "a"), new("files/b.cfg", "b")], force: false).Count);

        Assert.Empty(Folder.Write([new("a.yaml", "a"), new("files/b.cfg", "b")], force: false));
    }

    [Fact]
    public void What_is_not_wanted_any_more_goes_and_what_is_not_ours_stays()
    {
        Folder.Write([new("old.cfg", "old"), new("a.yaml", "a")], force: false);
        File.WriteAllText(Path.Combine(_path, ".env"), "SITES_PORT=80");

        Folder.Write([new("a.yaml", "a")], force: false);

        Assert.False(File.Exists(Path.Combine(_path, "old.cfg")));
        Assert.True(File.Exists(Path.Combine(_path, ".env")));
    }

    [Fact]
    public void Every_edit_by_hand_is_named_and_nothing_is_written()
    {
        Folder.Write([new("a.yaml", "a"), new("b.yaml", "b"), new("c.yaml", "c")], force: false);
        File.WriteAllText(Path.Combine(_path, "a.yaml"), "mine");
        File.WriteAllText(Path.Combine(_path, "b.yaml"), "mine, too");

        var error = Assert.Throws<InvalidInputException>(() =>
            Folder.Write([new("a.yaml", "new a"), new("c.yaml", "new c")], force: false)
        );

        Assert.Equal(2, error.Problems.Count);
        Assert.Equal("mine", File.ReadAllText(Path.Combine(_path, "a.yaml")));
        Assert.Equal("c", File.ReadAllText(Path.Combine(_path, "c.yaml")));
    }

    [Fact]
    public void A_file_that_was_there_before_the_first_publication_counts_as_edited()
    {
        File.WriteAllText(Path.Combine(_path, "a.yaml"), "mine");

        Assert.Throws<InvalidInputException>(() => Folder.Write([new("a.yaml", "a")], force: false));
    }

    [Fact]
    public void Force_gives_edits_up()
    {
        Folder.Write([new("a.yaml", "a")], force: false);
        File.WriteAllText(Path.Combine(_path, "a.yaml"), "mine");

        Folder.Write([new("a.yaml", "a")], force: true);

        Assert.Equal("a", File.ReadAllText(Path.Combine(_path, "a.yaml")));
        Assert.Empty(Folder.Compare([new("a.yaml", "a")]));
    }

    [Fact]
    public void A_folder_may_be_a_link_to_another_with_the_same_files()
    {
        Directory.CreateDirectory(Path.Combine(_path, "compose", "files"));
        Directory.CreateDirectory(Path.Combine(_path, "swarm"));
        var link = Directory.CreateSymbolicLink(Path.Combine(_path, "swarm", "files"), "../compose/files");

        Folder.Write([new("compose/files/a", "a"), new("swarm/files/a", "a")], force: false);
        Folder.Write([new("compose/files/b", "b"), new("swarm/files/b", "b")], force: false);

        Assert.Empty(Folder.Compare([new("compose/files/b", "b"), new("swarm/files/b", "b")]));
        Assert.NotNull(new DirectoryInfo(link.FullName).LinkTarget);
        Assert.Equal(["b"], Directory.EnumerateFiles(Path.Combine(_path, "compose", "files")).Select(Path.GetFileName));
    }

    [Fact]
    public void A_script_can_be_run()
    {
        Folder.Write([new("deploy.sh", "#!/bin/sh\n") { Executable = true }], force: false);

        Assert.True(File.GetUnixFileMode(Path.Combine(_path, "deploy.sh")).HasFlag(UnixFileMode.UserExecute));
    }
}
