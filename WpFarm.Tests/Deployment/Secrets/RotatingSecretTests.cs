using WpFarm.Deployment.Secrets;
using WpFarm.Topology;

namespace WpFarm.Tests.Deployment.Secrets;

public sealed class RotatingSecretTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("wpfarm-secrets-");
    private readonly SecretStore _store;
    private readonly string _old;

    public RotatingSecretTests()
    {
        _store = new SecretStore(_folder.FullName);
        _store.Generate([.. Secret.All.Where(secret => secret.Name is Secret.SitesKey)]);
        _old = _store.Read(Secret.SitesKey);
    }

    private string[] Lines => File.ReadAllLines(_store.PathOf(Secret.SitesKey));

    private RotatingSecret Rotating => _store.Rotating(Secret.SitesKey);

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void The_first_line_is_used_and_both_are_there_until_the_end()
    {
        Rotating.GenerateNext();
        Rotating.AddNext();
        Assert.Equal(_old, Lines[0]);
        var next = Lines[1];

        Rotating.UseNext();
        Assert.Equal([next, _old], Lines);
        Assert.Equal(next, _store.Read(Secret.SitesKey));

        Rotating.DropPrevious();
        Rotating.Finish();
        Assert.Equal(next, File.ReadAllText(_store.PathOf(Secret.SitesKey)));
        Assert.False(Rotating.IsUnderWay);
        Assert.NotEqual(_old, next);
    }

    /// <summary>A rotation that is killed after the given number of steps.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void A_run_after_one_that_was_killed_ends_with_the_value_that_was_begun_and_never_goes_back(int steps)
    {
        Action[] all = [Rotating.GenerateNext, Rotating.AddNext, Rotating.UseNext, Rotating.DropPrevious];
        foreach (var step in all.Take(steps))
            step();
        Assert.True(Rotating.IsUnderWay);
        var next = File.ReadAllText(_store.PathOf(Secret.SitesKey) + ".next");
        var used = Lines[0];

        foreach (var step in all)
        {
            step();
            Assert.True(Lines[0] == used || Lines[0] == next);
            used = Lines[0];
        }

        Assert.Equal([next], Lines);
    }

    [Fact]
    public void A_container_that_has_the_file_mounted_sees_the_change_since_it_stays_the_same_file()
    {
        using var mounted = new StreamReader(
            new FileStream(_store.PathOf(Secret.SitesKey), FileMode.Open, FileAccess.Read, FileShare.ReadWrite)
        );
        Rotating.GenerateNext();
        Rotating.UseNext();

        Assert.Equal(Lines[0], mounted.ReadLine());
        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead,
            File.GetUnixFileMode(_store.PathOf(Secret.SitesKey))
        );
    }

    [Fact]
    public void The_label_of_the_volumes_fits_after_the_key_that_it_came_from_was_changed()
    {
        var before = _store.Fingerprint();
        _store.KeepFingerprint();
        Rotating.GenerateNext();
        Rotating.DropPrevious();

        Assert.Equal(before, _store.Fingerprint());
    }
}
