"""The workbench's navigation; `lowres app` runs it."""

import streamlit as st

st.set_page_config(page_title="lowres workbench", layout="wide")
st.navigation(
    [
        st.Page("runs.py", title="Runs", default=True),
        st.Page("pairs.py", title="Pairs"),
        st.Page("talk.py", title="Talk"),
    ]
).run()
