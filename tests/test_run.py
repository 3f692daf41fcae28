def test_x(finished, lowres):
    print((finished/"printed.txt").read_text())
    d = lowres("run","toy.yaml",cwd=finished)
    print(d)
def test_y(whole_toy, lowres):
    d = lowres("run","toy.yaml",cwd=whole_toy)
    print("\n".join(d.writes))
